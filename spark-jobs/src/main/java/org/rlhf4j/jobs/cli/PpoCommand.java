package org.rlhf4j.jobs.cli;

import org.rlhf4j.jobs.checkpoint.CheckpointStore;
import org.rlhf4j.jobs.ppo.PpoJob;
import org.rlhf4j.jobs.ppo.PpoLayout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tunes a policy against a reward model, on-policy. */
@Command(description = "Tunes a policy against a reward model, on-policy.")
final class PpoCommand implements JobCommand {
  @Mixin private CommonOptions common;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Starting policy, also the reference.")
  private String model;

  @Option(
      names = "--reward-model",
      paramLabel = "DIR",
      required = true,
      description = "Scores the responses, also the critic's start.")
  private String rewardModel;

  @Option(names = "--input", paramLabel = "PATH", required = true, description = "Prompts.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Directory of the tuned policy.")
  private String output;

  @Override
  public JobResult run(JobContext context) {
    PpoJob job =
        new PpoJob(
            context.spark(),
            context.datasets(),
            new CheckpointStore(),
            context.runConfig().ppoSettings());
    PpoJob.Result result =
        job.execute(new PpoJob.Inputs(model, rewardModel, input), new PpoLayout(output));
    return JobResult.of(result.policy())
        .with("iterations", result.iterations())
        .with("resumed_after", result.resumedAfter());
  }
}
