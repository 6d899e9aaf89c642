package org.rlhf4j.jobs.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.rlhf4j.jobs.evaluate.EvaluateJob;
import org.rlhf4j.jobs.pipeline.GoldScorers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Judges a reward model on pairs and policies on prompts. */
@Command(description = "Judges a reward model on held-out pairs, and policies on held-out prompts.")
final class EvaluateCommand implements JobCommand {
  @Mixin private CommonOptions common;

  @Option(
      names = "--reward-model",
      paramLabel = "DIR",
      required = true,
      description = "Reward model, judged on pairs and judge of the policies.")
  private String rewardModel;

  @Option(
      names = "--model",
      paramLabel = "[NAME=]DIR",
      description = "Policy; repeatable, each is compared with the first.")
  private Map<String, String> models = new LinkedHashMap<>();

  @Option(
      names = "--reference",
      paramLabel = "DIR",
      description = "Where the KL is measured to (default: the first policy).")
  private String reference;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description = "Directory of the datasets preferences and prompts.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Datasets of the evaluation, and evaluation.json.")
  private String output;

  @Override
  public JobResult run(JobContext context) {
    String first = models.isEmpty() ? rewardModel : models.values().iterator().next();
    EvaluateJob.Inputs inputs =
        new EvaluateJob.Inputs(
            rewardModel,
            dataset(context, "preferences"),
            models.isEmpty() ? Optional.empty() : dataset(context, "prompts"),
            reference == null ? first : reference,
            models);
    EvaluateJob job =
        new EvaluateJob(
            context.spark(),
            context.datasets(),
            context.runConfig().evaluateSettings(),
            GoldScorers.of(context.config().evaluate().gold(), Optional.empty()));
    EvaluateJob.Result result = job.execute(inputs, output);
    return JobResult.of(result.output()).with("evaluations", result.evaluations());
  }
}
