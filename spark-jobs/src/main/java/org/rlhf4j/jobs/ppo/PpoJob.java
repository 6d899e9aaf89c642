package org.rlhf4j.jobs.ppo;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.hub.AdapterDirectory;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.CheckpointStore;
import org.rlhf4j.jobs.checkpoint.LocalDirectory;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Manifest;
import org.rlhf4j.jobs.evaluate.GoldScorer;
import org.rlhf4j.jobs.label.JudgeScoreJob;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.jobs.ppo.PpoCheckpoints.Complete;
import org.rlhf4j.jobs.rollout.PromptLimit;
import org.rlhf4j.jobs.rollout.RolloutModels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The on-policy loop on responses: by default proximal policy optimisation as Ziegler et al. 2019
 * (arXiv:1909.08593) and Stiennon et al. 2020 (arXiv:2009.01325) do it; settings exchange advantage
 * estimator and policy objective. Checkpoints every iteration; started again, it goes on after the
 * last complete one and ends with the same model.
 */
public final class PpoJob {
  private static final Logger LOG = LoggerFactory.getLogger(PpoJob.class);

  private final SparkSession spark;
  private final Datasets datasets;
  private final CheckpointStore store;
  private final PpoSettings settings;
  private final Optional<GoldScorer> gold;
  private final Optional<JudgeScoreJob> judge;

  /**
   * What a run starts from, on any Hadoop path.
   *
   * @param policy model directory: the starting policy, and the reference policy
   * @param rewardModel model directory with a scalar head: scores unless a judge does, and is the
   *     start of the critic; may be left out where neither is the case
   * @param prompts {@code prompts} dataset
   * @param pretraining rows for {@code ppo.pretraining-coefficient}: demonstrations or preferences
   */
  public record Inputs(
      String policy, Optional<String> rewardModel, String prompts, Optional<String> pretraining) {

    /** Without pretraining rows. */
    public Inputs(String policy, String rewardModel, String prompts) {
      this(policy, Optional.of(rewardModel), prompts, Optional.empty());
    }
  }

  /**
   * @param policy directory of the tuned model
   * @param iterations complete iterations of the run
   * @param resumedAfter iterations that were complete before this call
   * @param promptsQuarantined training prompts that are too long
   * @param metrics lines of the metrics file
   */
  public record Result(
      String policy,
      long iterations,
      long resumedAfter,
      long promptsQuarantined,
      List<String> metrics) {}

  public PpoJob(
      SparkSession spark, Datasets datasets, CheckpointStore store, PpoSettings settings) {
    this(spark, datasets, store, settings, Optional.empty(), Optional.empty());
  }

  private PpoJob(
      SparkSession spark,
      Datasets datasets,
      CheckpointStore store,
      PpoSettings settings,
      Optional<GoldScorer> gold,
      Optional<JudgeScoreJob> judge) {
    this.spark = spark;
    this.datasets = datasets;
    this.store = store;
    this.settings = settings;
    this.gold = gold;
    this.judge = judge;
  }

  /** The same job, whose metrics tell what this judge says of each iteration's responses. */
  public PpoJob watchedBy(Optional<GoldScorer> watcher) {
    return new PpoJob(spark, datasets, store, settings, watcher, judge);
  }

  /** The same job, whose responses this judge scores in place of the reward model. */
  public PpoJob scoredBy(Optional<JudgeScoreJob> scorer) {
    return new PpoJob(spark, datasets, store, settings, gold, scorer);
  }

  public Result execute(Inputs inputs, PpoLayout layout) {
    PpoCheckpoints checkpoints = new PpoCheckpoints(store, layout, settings);
    Complete resumed = checkpoints.latest().orElseGet(() -> start(inputs));
    PpoState before = resumed.state();
    MetricsFile metrics = new MetricsFile(layout.metricsFile(), before);
    Complete last = resumed;
    boolean isEnd = settings.isEnd(before.iteration(), before.steps());
    if (!isEnd || !store.isPublished(layout.finalPolicy())) {
      last = iterate(resumed, checkpoints, inputs, layout, metrics);
      publishPolicy(last, inputs, layout);
    }
    return new Result(
        layout.finalPolicy(),
        last.state().iteration(),
        before.iteration(),
        datasets.manifest(layout.promptQuarantine()).map(Manifest::rows).orElse(0L),
        metrics.lines());
  }

  private Complete start(Inputs inputs) {
    PpoState state =
        PpoState.start(settings.kl().coefficient(), settings.objective().oldKlCoefficient());
    return new Complete(inputs.policy(), criticStart(inputs), state);
  }

  private Optional<String> criticStart(Inputs inputs) {
    if (!settings.hasCritic()) {
      return Optional.empty();
    }
    return Optional.of(
        inputs
            .rewardModel()
            .orElseThrow(() -> new IllegalArgumentException("No model for the critic")));
  }

  private Complete iterate(
      Complete start,
      PpoCheckpoints checkpoints,
      Inputs inputs,
      PpoLayout layout,
      MetricsFile metrics) {
    PpoIteration iteration =
        new PpoIteration(spark, datasets, settings, inputs, layout, gold, judge);
    try (RowSources rows = rows(inputs, layout);
        Learners learners = Learners.open(spark, settings, inputs, start);
        LocalDirectory policyTokenizer = LocalDirectory.of(inputs.policy());
        LocalDirectory criticStart =
            LocalDirectory.of(criticStart(inputs).orElse(inputs.policy()))) {
      Complete current = start;
      if (start.state().iteration() > 0) {
        LOG.info("Going on after iteration {}", start.state().iteration());
        checkpoints.load(start, learners);
      }
      while (!settings.isEnd(current.state().iteration(), current.state().steps())) {
        PpoState next = iteration.run(current, rows, learners);
        current = checkpoints.publish(next, learners, policyTokenizer.path(), criticStart.path());
        metrics.append(next);
        checkpoints.keepNewest(settings.ppo().keepCheckpoints());
        LOG.info("{}", next.metrics());
      }
      return current;
    }
  }

  private RowSources rows(Inputs inputs, PpoLayout layout) {
    PromptSource prompts = prompts(inputs, layout);
    return new RowSources(
        prompts,
        settings.pretraining().isUsed()
            ? Optional.of(PretrainingSource.open(spark, settings, inputs))
            : Optional.empty());
  }

  private PromptSource prompts(Inputs inputs, PpoLayout layout) {
    ExecutorModels.languageModel(inputs.policy());
    inputs.rewardModel().ifPresent(ExecutorModels::rewardModel);
    RolloutModels models = RolloutModels.ofPolicy(inputs.policy());
    Optional<String> critic = criticStart(inputs);
    if (critic.isPresent()) {
      checkSameTokenizer(inputs.policy(), critic.get());
      models = models.withCritic(critic.get());
    }
    PromptLimit limit =
        PromptLimit.of(settings.data(), models, settings.generation().maxNewTokens());
    return new PromptSource(
        spark,
        datasets,
        inputs.prompts(),
        inputs.policy(),
        limit,
        settings.seed(),
        layout.promptQuarantine());
  }

  /** The critic starts as the reward model and reads the policy's tokens. */
  private static void checkSameTokenizer(String policy, String critic) {
    String ofPolicy = ExecutorModels.encoder(policy).tokenizer().fingerprint();
    String ofCritic = ExecutorModels.encoder(critic).tokenizer().fingerprint();
    if (!ofPolicy.equals(ofCritic)) {
      throw JobException.badInput(
          "The tokenizers of %s and %s differ, but the critic starts as the reward model and reads"
              + " the policy's tokens; train the reward model from the same base",
          policy, critic);
    }
  }

  private void publishPolicy(Complete last, Inputs inputs, PpoLayout layout) {
    try (LocalDirectory tokenizer = LocalDirectory.of(inputs.policy());
        LocalDirectory checkpoint = LocalDirectory.of(last.policy(), AdapterDirectory::isPart)) {
      DecoderModel policy = ExecutorModels.model(last.policy());
      store.publish(
          layout.finalPolicy(),
          directory -> {
            ModelDirectory.save(policy, tokenizer.path(), directory);
            AdapterDirectory.copy(checkpoint.path(), directory);
          });
    }
  }
}
