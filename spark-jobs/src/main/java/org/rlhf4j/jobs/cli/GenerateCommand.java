package org.rlhf4j.jobs.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.ConfigException;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.decoder.PackedModel;
import org.rlhf4j.generation.GenerationRequest;
import org.rlhf4j.generation.Generator;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.jobs.rollout.GenerateJob;
import org.rlhf4j.jobs.rollout.PlainInput;
import org.rlhf4j.jobs.rollout.PlainInput.PlacedPrompt;
import org.rlhf4j.jobs.rollout.PromptDraw;
import org.rlhf4j.jobs.rollout.PromptLimit;
import org.rlhf4j.jobs.rollout.PromptQuarantine;
import org.rlhf4j.jobs.rollout.RolloutKey;
import org.rlhf4j.jobs.rollout.RolloutModels;
import org.rlhf4j.text.TextEncoder;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import scala.Tuple2;

/** Samples responses to a dataset of prompts, or to one prompt on the terminal. */
@Command(description = "Samples responses to prompts, or to one prompt on the terminal.")
final class GenerateCommand implements JobCommand {
  /** Inside the output, where readers of rollouts pass over names with an underscore. */
  private static final String QUARANTINE = "/_quarantine";

  @Mixin private CommonOptions common;

  @Option(names = "--model", paramLabel = "DIR", required = true, description = "The policy.")
  private String model;

  @ArgGroup(multiplicity = "1")
  private Source source;

  /** Either of the two uses. */
  static final class Source {
    @Option(
        names = "--prompt",
        paramLabel = "TEXT",
        description =
            "Answer this on the terminal; read as it stands, like text prompts of a dataset.")
    private String prompt;

    @ArgGroup(exclusive = false)
    private Files files;
  }

  /** Options of the dataset use. */
  static final class Files {
    @Option(
        names = "--input",
        paramLabel = "PATH",
        required = true,
        description = "Prompts: a dataset, or JSON lines with prompt or messages.")
    private String input;

    @Option(
        names = "--output",
        paramLabel = "DIR",
        required = true,
        description = "Dataset rollouts.")
    private String output;

    @Option(names = "--reference", paramLabel = "DIR", description = "Adds ref_logprobs.")
    private String reference;

    @Option(names = "--critic", paramLabel = "DIR", description = "Adds values.")
    private String critic;

    @Option(
        names = "--reward-model",
        paramLabel = "DIR",
        description = "Chooses among the generation.best-of responses sampled for each.")
    private String rewardModel;
  }

  @Override
  public Optional<String> writes() {
    return Optional.ofNullable(source.files).map(files -> files.output);
  }

  @Override
  public JobResult run(JobContext context) {
    return source.files == null ? answer(context, source.prompt) : generate(context, source.files);
  }

  private JobResult generate(JobContext context, Files files) {
    RolloutModels models = RolloutModels.ofPolicy(model);
    if (files.reference != null) {
      models = models.withReference(files.reference);
    }
    if (files.critic != null) {
      models = models.withCritic(files.critic);
    }
    if (files.rewardModel != null) {
      models = models.withRewardModel(files.rewardModel);
    }
    GenerationConfig generation = context.config().generation();
    JavaRDD<PlacedPrompt> prompts =
        new PlainInput(context.spark(), context.datasets()).prompts(files.input);
    long read = prompts.count();
    long quarantined = quarantine(context, models, prompts, read, files);
    JavaRDD<PromptDraw> draws =
        draws(prompts.map(PlacedPrompt::prompt), generation.samplesPerPrompt(), context.spark());
    GenerateJob.Result result =
        new GenerateJob(
                context.spark(),
                context.datasets(),
                generation,
                context.config().score(),
                context.config().data())
            .execute(draws, models, context.config().seed(), 0, files.output);
    return JobResult.of(result.output())
        .with("read", read)
        .with("quarantined", quarantined)
        .with("rollouts", result.rollouts());
  }

  /** Puts aside what cannot be answered; at least one prompt must be left. */
  private long quarantine(
      JobContext context,
      RolloutModels models,
      JavaRDD<PlacedPrompt> prompts,
      long read,
      Files files) {
    PromptLimit limit =
        PromptLimit.of(
            context.config().data(), models, context.config().generation().maxNewTokens());
    String quarantine = files.output + QUARANTINE;
    long tooLong =
        new PromptQuarantine(context.datasets(), model, limit)
            .publish(prompts, files.input, quarantine);
    if (tooLong == read) {
      throw JobException.badInput(
          "None of the %d prompts of %s has at most %d tokens; see %s, lower"
              + " generation.max-new-tokens or set data.over-length to truncate-left",
          read, files.input, limit.maxTokens(), quarantine);
    }
    return tooLong;
  }

  /** A prompt that comes twice is answered twice as often. */
  private static JavaRDD<PromptDraw> draws(
      JavaRDD<Prompt> prompts, int samplesPerPrompt, SparkSession spark) {
    int partitions = Math.max(1, spark.sparkContext().defaultParallelism());
    return prompts
        .mapToPair(
            prompt -> new Tuple2<>(prompt.promptId(), new Tuple2<>(prompt, samplesPerPrompt)))
        .reduceByKey(
            (a, b) -> new Tuple2<>(Prompt.first(a._1(), b._1()), a._2() + b._2()), partitions)
        .flatMap(row -> draws(row._2()._1(), row._2()._2()));
  }

  private static Iterator<PromptDraw> draws(Prompt prompt, int count) {
    return IntStream.range(0, count)
        .mapToObj(sample -> new PromptDraw(prompt.promptId(), prompt.prompt(), sample))
        .iterator();
  }

  private JobResult answer(JobContext context, String text) {
    if (context.config().generation().bestOf() > 1) {
      throw new ConfigException(
          "generation.best-of needs a reward model and a dataset of prompts; give --input, --output"
              + " and --reward-model instead of --prompt, or set it to 1");
    }
    PackedModel policy = ExecutorModels.packedModel(model);
    TextEncoder encoder = ExecutorModels.encoder(model);
    int[] prompt = promptTokens(encoder, text, policy.config().contextLength() - 1);
    String promptId = RowIds.promptId(List.of(Message.text(text)));
    long seed = RolloutKey.of(context.config().seed(), 0, promptId, 0).seed();
    List<int[]> responses = new ArrayList<>();
    try (Generator generator =
        new Generator(
            policy,
            context.config().generation(),
            ExecutorModels.endTokens(model),
            encoder.tokenizer()::decode,
            Runtime.getRuntime().availableProcessors())) {
      generator.generate(
          List.of(new GenerationRequest(0, prompt, seed)).iterator(),
          response -> responses.add(response.tokens()));
    }
    int[] tokens = responses.get(0);
    context.show(encoder.tokenizer().decode(tokens));
    return JobResult.of("").with("response_tokens", tokens.length);
  }

  private int[] promptTokens(TextEncoder encoder, String text, int most) {
    int[] tokens = encoder.promptTokens(List.of(Message.text(text)));
    if (tokens.length == 0 || tokens.length > most) {
      throw JobException.badInput(
          "The text of --prompt has %d tokens, but %s answers prompts of 1 to %d tokens; give"
              + " another",
          tokens.length, model, most);
    }
    return tokens;
  }
}
