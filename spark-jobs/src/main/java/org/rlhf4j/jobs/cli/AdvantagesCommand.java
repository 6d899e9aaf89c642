package org.rlhf4j.jobs.cli;

import java.util.Optional;
import org.rlhf4j.config.RlhfConfig;
import org.rlhf4j.jobs.rollout.AdvantageSettings;
import org.rlhf4j.jobs.rollout.AdvantagesJob;
import org.rlhf4j.jobs.rollout.IterationScalars;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Turns rollouts and scores into rewards, advantages and returns. */
@Command(description = "Turns rollouts and scores into rewards, advantages and returns.")
final class AdvantagesCommand implements JobCommand {
  @Mixin private CommonOptions common;

  @Option(
      names = "--rollouts",
      paramLabel = "PATH",
      required = true,
      description = "Rollouts with ref_logprobs, and values where the estimator is gae.")
  private String rollouts;

  @Option(
      names = "--scores",
      paramLabel = "PATH",
      required = true,
      description = "One score for each rollout.")
  private String scores;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Dataset experience.")
  private String output;

  @Override
  public Optional<String> writes() {
    return Optional.of(output);
  }

  @Override
  public JobResult run(JobContext context) {
    RlhfConfig config = context.config();
    AdvantageSettings settings =
        AdvantageSettings.of(config.kl(), config.ppo(), config.advantages());
    AdvantagesJob.Result result =
        new AdvantagesJob(context.datasets(), settings)
            .execute(rollouts, scores, IterationScalars.of(config.kl().coefficient()), output);
    return JobResult.of(result.output()).with("responses", result.responses());
  }
}
