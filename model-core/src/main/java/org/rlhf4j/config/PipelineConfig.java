package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import java.util.List;

/** What a pipeline run starts from, and which stages it has. */
public record PipelineConfig(
    @Config(value = "input", doc = "Raw files, any Hadoop path, globs allowed") List<String> input,
    @Config(value = "format", doc = "Raw format of the input; auto looks at the rows")
        String format,
    @Config(
            value = "generator",
            doc = "Makes the raw files instead of reading input: none, demo or reviews")
        Generator generator,
    @Config(
            value = "model",
            doc = "Model directory to start from; empty trains a tokenizer and a new model")
        String model,
    @Config(
            value = "sft-from",
            doc = "Rows of supervised fine-tuning: demonstrations, or the chosen side of pairs")
        SftSource sftFrom,
    @Config(
            value = "judge",
            doc =
                "Language model directory, or URL of a chat-completions endpoint, that labels the"
                    + " preferences anew before reward model and policy learn from them (label.*);"
                    + " empty keeps their labels")
        String judge,
    @Config(
            value = "tuning",
            doc =
                "What tunes the policy: ppo, on responses by ppo.algorithm, or dpo, on the preferences"
                    + " by dpo.objective")
        Tuning tuning) {

  /** Maker of raw files. */
  public enum Generator {
    NONE,
    DEMO,
    REVIEWS
  }

  /** Last stage of training. */
  public enum Tuning {
    PPO,
    DPO
  }

  /** Rows of supervised fine-tuning. */
  public enum SftSource {
    DEMONSTRATIONS,
    CHOSEN
  }

  public static final PipelineConfig DEFAULTS =
      new PipelineConfig(
          List.of(), "auto", Generator.NONE, "", SftSource.DEMONSTRATIONS, "", Tuning.PPO);

  public PipelineConfig {
    check(!format.isBlank(), "pipeline.format must name a raw format, but is empty");
    input = List.copyOf(input);
  }

  /** Whether the judge is asked over HTTP. */
  public boolean asksEndpoint() {
    return JudgeRewardConfig.isEndpoint(judge);
  }
}
