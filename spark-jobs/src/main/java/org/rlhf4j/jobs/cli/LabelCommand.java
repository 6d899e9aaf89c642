package org.rlhf4j.jobs.cli;

import java.util.Optional;
import org.rlhf4j.config.LabelConfig;
import org.rlhf4j.config.PrepareConfig;
import org.rlhf4j.data.raw.SplitRule;
import org.rlhf4j.jobs.label.HttpEndpoint;
import org.rlhf4j.jobs.label.LabelJob;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares responses by AI feedback. */
@Command(description = "Compares responses with a judge, a model directory or an HTTP endpoint.")
final class LabelCommand implements JobCommand {
  @Mixin private CommonOptions common;

  @ArgGroup(multiplicity = "1")
  private JudgeOption judge;

  /** Exactly one of them. */
  private static final class JudgeOption {
    @Option(names = "--judge", paramLabel = "DIR", description = "Language model that judges.")
    private String directory;

    @Option(
        names = "--judge-url",
        paramLabel = "URL",
        description = "Chat-completions endpoint that judges; see label.model, label.key-variable.")
    private String url;
  }

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description =
          "Rollouts, JSON lines with rollout_id, prompt and response, or preferences to relabel.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Dataset preferences.")
  private String output;

  @Override
  public Optional<String> writes() {
    return Optional.of(output);
  }

  @Override
  public JobResult run(JobContext context) {
    LabelConfig config = context.config().label();
    PrepareConfig prepare = context.config().prepare();
    SplitRule split =
        new SplitRule(prepare.validationShare(), prepare.testShare(), prepare.splitSeed());
    LabelJob job = new LabelJob(context.spark(), context.datasets(), config, split);
    LabelJob.Result result =
        judge.directory != null
            ? job.execute(judge.directory, input, output)
            : job.execute(HttpEndpoint.of(judge.url, config), input, output);
    return JobResult.of(result.output())
        .with("comparisons", result.comparisons())
        .with("pairs", result.pairs())
        .with("ties", result.ties())
        .with("too_long", result.tooLong())
        .with("cut_responses", result.cutResponses());
  }
}
