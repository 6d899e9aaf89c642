package org.rlhf4j.jobs.cli;

import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.label.JudgeScoreJob;
import org.rlhf4j.jobs.pipeline.RewardJudges;
import org.rlhf4j.jobs.rollout.PlainInput;
import org.rlhf4j.jobs.rollout.ScoreJob;
import org.rlhf4j.jobs.rollout.ScoreRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scores responses with a reward model. */
@Command(description = "Scores responses with a reward model, or with a judge.")
final class ScoreCommand implements JobCommand {
  @Mixin private CommonOptions common;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Reward model; may be left out with score.judge, which wins over it.")
  private String model;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description = "Rollouts, or JSON lines with rollout_id, prompt and response.")
  private String input;

  @Option(names = "--output", paramLabel = "DIR", required = true, description = "Dataset scores.")
  private String output;

  @Override
  public Optional<String> writes() {
    return Optional.of(output);
  }

  @Override
  public JobResult run(JobContext context) {
    Datasets datasets = context.datasets();
    Optional<JudgeScoreJob> judge = RewardJudges.of(context.spark(), datasets, context.config());
    if (judge.isPresent()) {
      JavaRDD<ScoreRequest> requests =
          new PlainInput(context.spark(), datasets).scoreRequests(input);
      return result(judge.get().execute(requests, List.of(input), output));
    }
    if (model == null) {
      throw new JobException(
          ExitCode.USAGE,
          "Nothing scores the responses; name a reward model with --model or a judge with --set"
              + " score.judge=DIR");
    }
    ScoreJob job =
        new ScoreJob(
            context.spark(), datasets, context.config().score(), context.config().scoreEnsemble());
    ScoreJob.Result result =
        datasets.holds(input, Rollout.class)
            ? job.execute(input, model, output)
            : job.execute(
                new PlainInput(context.spark(), datasets).scoreRequests(input),
                List.of(input, model),
                model,
                output);
    return result(result);
  }

  private static JobResult result(ScoreJob.Result result) {
    return JobResult.of(result.output())
        .with("scores", result.scores())
        .with("cut_prompts", result.cutPrompts())
        .with("cut_responses", result.cutResponses());
  }
}
