package org.rlhf4j.jobs.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Manifest;
import org.rlhf4j.jobs.evaluate.EvaluateJob;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.jobs.pipeline.GoldScorers;
import org.rlhf4j.jobs.pipeline.JudgementStages;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Judges a reward model on pairs and policies on prompts. */
@Command(description = "Judges a reward model on held-out pairs, and policies on held-out prompts.")
final class EvaluateCommand implements JobCommand {
  private static final String PREFERENCES = "preferences";
  private static final String PROMPTS = "prompts";

  @Mixin private CommonOptions common;

  @Option(
      names = {"--model", "--reward-model"},
      paramLabel = "[NAME=]DIR",
      required = true,
      description =
          "The reward model, and policies, the first of which the others are compared to.")
  private List<String> models;

  @Option(
      names = "--reference",
      paramLabel = "DIR",
      description = "Where the KL is measured to (default: the first policy).")
  private String reference;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description = "Preferences, prompts, or a directory with both datasets.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Datasets of the evaluation, and evaluation.json.")
  private String output;

  @Override
  public Optional<String> writes() {
    return Optional.of(output);
  }

  @Override
  public JobResult run(JobContext context) {
    List<String> rewardModels = new ArrayList<>();
    Map<String, String> policies = new LinkedHashMap<>();
    models.forEach(model -> sort(model, rewardModels, policies));
    if (rewardModels.size() != 1) {
      throw JobException.badInput(
          "evaluate needs exactly one reward model among --model, but got %d", rewardModels.size());
    }
    EvaluateJob.Inputs inputs = inputs(context.datasets(), rewardModels.get(0), policies);
    EvaluateJob job =
        new EvaluateJob(
            context.spark(),
            context.datasets(),
            context.runConfig().evaluateSettings(),
            GoldScorers.of(context.config().evaluate().gold(), Optional.empty()));
    EvaluateJob.Result result = job.execute(inputs, output);
    JobResult counts = JobResult.of(result.output()).with("evaluations", result.evaluations());
    for (Map.Entry<String, Object> count : JudgementStages.counts(result.summary()).entrySet()) {
      counts = counts.with(count.getKey(), count.getValue());
    }
    return counts;
  }

  private EvaluateJob.Inputs inputs(
      Datasets datasets, String rewardModel, Map<String, String> policies) {
    String base = reference;
    if (base == null) {
      base = policies.isEmpty() ? rewardModel : policies.values().iterator().next();
    }
    Optional<String> prompts =
        policies.isEmpty() ? Optional.empty() : dataset(datasets, PROMPTS, true);
    Optional<String> preferences = dataset(datasets, PREFERENCES, policies.isEmpty());
    if (policies.isEmpty() ? preferences.isEmpty() : prompts.isEmpty()) {
      throw JobException.badInput(
          "%s holds no %s to judge the given models on; name a dataset of them, or a directory with"
              + " both",
          input, policies.isEmpty() ? PREFERENCES : PROMPTS);
    }
    return new EvaluateJob.Inputs(rewardModel, preferences, prompts, base, policies);
  }

  /** A model with a scalar head is the reward model; {@code NAME=} names a policy. */
  private static void sort(String model, List<String> rewardModels, Map<String, String> policies) {
    int equals = model.indexOf('=');
    boolean named = equals > 0 && !model.substring(0, equals).contains("/");
    String directory = named ? model.substring(equals + 1) : model;
    if (ExecutorModels.model(directory).head() == DecoderHead.SCALAR) {
      rewardModels.add(directory);
      return;
    }
    String name = named ? model.substring(0, equals) : new Path(directory).getName();
    if (policies.putIfAbsent(name, directory) != null) {
      throw JobException.badInput(
          "Two policies are called %s; name them, as in --model first=%s", name, directory);
    }
  }

  /**
   * @param mayBePlain whether an unpublished input is taken for this dataset
   */
  private Optional<String> dataset(Datasets datasets, String name, boolean mayBePlain) {
    Optional<Manifest> manifest = datasets.manifest(input);
    if (manifest.isPresent()) {
      return manifest.filter(m -> m.dataset().equals(name)).map(m -> input);
    }
    if (datasets.isPublished(input + "/" + name)) {
      return Optional.of(input + "/" + name);
    }
    return mayBePlain ? Optional.of(input) : Optional.empty();
  }
}
