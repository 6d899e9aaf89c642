package org.rlhf4j.jobs.cli;

import java.util.Optional;
import org.rlhf4j.jobs.train.RewardJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fits a reward model to preferences or ratings. */
@Command(description = "Fits a reward model to preference pairs, rankings, grades, or yes and no.")
final class RewardCommand implements JobCommand {
  @Mixin private CommonOptions common;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Language model or reward model to start from.")
  private String model;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description = "Preferences, or ratings.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Directory of the reward model.")
  private String output;

  @Override
  public Optional<String> writes() {
    return Optional.of(output);
  }

  @Override
  public JobResult run(JobContext context) {
    RewardJob.Result result =
        new RewardJob(
                context.spark(), context.config().reward(), context.runConfig().rewardSettings())
            .onStep(context.progress().of("reward"))
            .execute(model, input, output);
    JobResult counts =
        JobResult.of(result.output())
            .with("rows", TrainingCounts.of(result.rows()))
            .with("steps", result.steps())
            .with("loss", result.loss());
    JobResult validated = TrainingCounts.with(counts, "validation", result.validation());
    JobResult tested = TrainingCounts.with(validated, "test", result.test());
    if (!result.reference().isEmpty()) {
      tested = tested.with("reference", result.reference());
    }
    boolean hasGrades = result.validation().isEmpty() && !result.heldOutMetrics().isEmpty();
    return hasGrades ? tested.with("validation", result.heldOutMetrics()) : tested;
  }
}
