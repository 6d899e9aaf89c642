package org.rlhf4j.jobs.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.data.dataset.Evaluation;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.HadoopPaths;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.model.TaskThreads;
import org.rlhf4j.jobs.rollout.RolloutModels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges a reward model on held-out comparisons and policies on held-out prompts; publishes {@code
 * evaluations} and writes {@code evaluation.json}.
 */
public final class EvaluateJob {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluateJob.class);

  private final SparkSession spark;
  private final Datasets datasets;
  private final EvaluateSettings settings;
  private final Optional<GoldScorer> gold;

  /**
   * What is judged, on any Hadoop path.
   *
   * @param rewardModel model directory with a scalar head; judges the policies
   * @param preferences dataset the reward model is judged on; absent: it is not
   * @param prompts dataset the policies answer; absent: they are not judged
   * @param reference model directory the KL is measured to
   * @param checkpoints model directories by name, such as sft and policy, in order; each is
   *     compared with the first
   */
  public record Inputs(
      String rewardModel,
      Optional<String> preferences,
      Optional<String> prompts,
      String reference,
      Map<String, String> checkpoints) {
    public Inputs {
      checkpoints = new LinkedHashMap<>(checkpoints);
    }
  }

  /**
   * @param rewardModel absent if no preferences were given
   * @param policies one for each checkpoint
   * @param comparisons each checkpoint but the first with the first
   * @param bestOf of the first checkpoint; absent if {@code evaluate.best-of} asks for none
   */
  public record Summary(
      Optional<RewardModelSummary> rewardModel,
      List<PolicySummary> policies,
      List<PolicyComparison> comparisons,
      Optional<BestOfCurve> bestOf) {}

  /**
   * @param evaluations published rows
   * @param summaryFile evaluation.json
   */
  public record Result(String output, long evaluations, String summaryFile, Summary summary) {}

  public EvaluateJob(
      SparkSession spark, Datasets datasets, EvaluateSettings settings, Optional<GoldScorer> gold) {
    this.spark = spark;
    this.datasets = datasets;
    this.settings = settings;
    this.gold = gold;
  }

  /**
   * @param output directory of the datasets and of {@code evaluation.json}
   */
  public Result execute(Inputs inputs, String output) {
    return execute(inputs, output, output + "/evaluation.json");
  }

  /**
   * @param output directory under which {@code evaluations} is published, and the rollouts and
   *     scores it was made from as {@code evaluation-rollouts} and {@code evaluation-scores}
   * @param summaryFile JSON file of the summary
   */
  public Result execute(Inputs inputs, String output, String summaryFile) {
    Optional<RewardModelSummary> rewardModel =
        inputs.preferences().flatMap(path -> judgeRewardModel(path, inputs.rewardModel()));
    if (rewardModel.isEmpty() && inputs.checkpoints().isEmpty()) {
      throw JobException.badInput(
          "Every held-out pair of %s is longer than the limits; raise data.max-prompt-tokens and"
              + " data.max-response-tokens or set data.over-length to truncate-left",
          inputs.preferences().orElse("the input"));
    }
    List<Prompt> prompts = inputs.prompts().map(this::heldOut).orElse(List.of());
    PolicyEvaluation evaluation = new PolicyEvaluation(spark, datasets, settings, gold);
    Map<String, List<Evaluation>> evaluations = new LinkedHashMap<>();
    Optional<BestOfCurve> bestOf = Optional.empty();
    if (!prompts.isEmpty()) {
      inputs
          .checkpoints()
          .forEach(
              (name, directory) ->
                  evaluations.put(
                      name,
                      evaluation.execute(
                          name, models(inputs, directory), inputs.rewardModel(), prompts, output)));
      bestOf = bestOf(evaluation, inputs, prompts, output);
    }
    Summary summary = summary(rewardModel, List.copyOf(evaluations.values()), bestOf);

    List<Evaluation> rows = evaluations.values().stream().flatMap(List::stream).toList();
    long published = publish(rows, inputs, output);
    new Storage(HadoopPaths.configuration())
        .replaceText(
            new Path(summaryFile), EvaluationJson.of(summary, rows, settings.evaluate().samples()));
    return new Result(output, published, summaryFile, summary);
  }

  /** Empty if every pair is over the length limits. */
  private Optional<RewardModelSummary> judgeRewardModel(String preferences, String rewardModel) {
    JavaRDD<PreferencePair> pairs = datasets.read(preferences, PreferencePair.class);
    Split heldOut = HeldOut.split(pairs, PreferencePair::split, preferences);
    List<PairOutcome> all =
        JudgePairs.judge(
            JudgedPairs.of(
                pairs, heldOut, settings.evaluate().pairsPerSplit(), settings.evaluationSeed()),
            rewardModel,
            settings.ensemble(),
            settings.data(),
            gold,
            TaskThreads.of(spark.sparkContext()));
    List<PairOutcome> read = all.stream().filter(pair -> !pair.isLeftOut()).toList();
    long leftOut = all.stream().filter(pair -> pair.isLeftOut() && pair.split() == heldOut).count();
    if (leftOut > 0) {
      LOG.warn(
          "{} held-out pairs of {} are left out: over data.max-*-tokens", leftOut, preferences);
    }
    if (read.stream().noneMatch(pair -> pair.split() == heldOut)) {
      return Optional.empty();
    }
    RewardModelSummary summary = RewardModelSummary.of(read, heldOut, leftOut);
    summary.check().findings().forEach(finding -> LOG.warn("{}: {}", rewardModel, finding));
    return Optional.of(summary);
  }

  /**
   * @throws JobException if an evaluation of these datasets would find no held-out row
   */
  public static void requireHeldOut(Datasets datasets, String preferences, String prompts) {
    HeldOut.split(
        datasets.read(preferences, PreferencePair.class), PreferencePair::split, preferences);
    HeldOut.split(datasets.read(prompts, Prompt.class), Prompt::split, prompts);
  }

  private List<Prompt> heldOut(String prompts) {
    return HeldOutPrompts.choose(
        datasets, prompts, settings.evaluate().prompts(), settings.evaluationSeed());
  }

  private static RolloutModels models(Inputs inputs, String policy) {
    return RolloutModels.ofPolicy(policy).withReference(inputs.reference());
  }

  private static Optional<BestOfCurve> bestOf(
      PolicyEvaluation evaluation, Inputs inputs, List<Prompt> prompts, String output) {
    return inputs.checkpoints().values().stream()
        .findFirst()
        .flatMap(
            first ->
                evaluation.bestOf(models(inputs, first), inputs.rewardModel(), prompts, output));
  }

  private static Summary summary(
      Optional<RewardModelSummary> rewardModel,
      List<List<Evaluation>> byCheckpoint,
      Optional<BestOfCurve> bestOf) {
    List<PolicySummary> policies = byCheckpoint.stream().map(PolicySummary::of).toList();
    List<PolicyComparison> comparisons = new ArrayList<>();
    for (int i = 1; i < byCheckpoint.size(); i++) {
      comparisons.add(PolicyComparison.of(byCheckpoint.get(i), byCheckpoint.get(0)));
    }
    return new Summary(rewardModel, policies, comparisons, bestOf);
  }

  private long publish(List<Evaluation> rows, Inputs inputs, String output) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<String> sources = new ArrayList<>(inputs.checkpoints().values());
    sources.add(inputs.rewardModel());
    inputs.prompts().ifPresent(sources::add);
    return datasets.publish(
        output + "/evaluations",
        Evaluation.class,
        context.parallelize(rows, 1),
        "evaluate",
        sources);
  }
}
