package org.rlhf4j.jobs.ppo;

import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.evaluate.GoldScorer;
import org.rlhf4j.jobs.label.JudgeScoreJob;
import org.rlhf4j.jobs.ppo.PpoCheckpoints.Complete;
import org.rlhf4j.jobs.rollout.AdvantagesJob;
import org.rlhf4j.jobs.rollout.GenerateJob;
import org.rlhf4j.jobs.rollout.IterationScalars;
import org.rlhf4j.jobs.rollout.IterationStatistics;
import org.rlhf4j.jobs.rollout.PromptDraw;
import org.rlhf4j.jobs.rollout.RolloutModels;
import org.rlhf4j.jobs.rollout.ScoreJob;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.rlhf.KlController;
import org.rlhf4j.rlhf.OldPolicyPenalty;

/**
 * One iteration: a policy in, a better policy out. Each stage publishes the dataset the next one
 * reads; a dataset that an interrupted run has published already is used as it is, because it holds
 * the rows that would be made again.
 */
final class PpoIteration {
  private final JavaSparkContext spark;
  private final Datasets datasets;
  private final PpoSettings settings;
  private final PpoJob.Inputs inputs;
  private final PpoLayout layout;
  private final GenerateJob generateRollouts;
  private final ScoreJob scoreResponses;
  private final AdvantagesJob estimateAdvantages;
  private final UpdateModels updateModels;
  private final GoldScores goldScores;
  private final Optional<JudgeScoreJob> judge;

  PpoIteration(
      SparkSession spark,
      Datasets datasets,
      PpoSettings settings,
      PpoJob.Inputs inputs,
      PpoLayout layout,
      Optional<GoldScorer> gold,
      Optional<JudgeScoreJob> judge) {
    this.spark = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.datasets = datasets;
    this.settings = settings;
    this.inputs = inputs;
    this.layout = layout;
    this.generateRollouts =
        new GenerateJob(spark, datasets, settings.generation(), settings.score(), settings.data());
    this.scoreResponses = new ScoreJob(spark, datasets, settings.score(), settings.ensemble());
    this.estimateAdvantages = new AdvantagesJob(datasets, settings.advantageSettings());
    this.updateModels = new UpdateModels(datasets, settings);
    this.goldScores = new GoldScores(datasets, gold);
    this.judge = judge;
  }

  /**
   * @param previous checkpoints and state the iteration starts from
   * @param learners hold the weights of {@code previous}; updated
   * @return the state after the iteration
   */
  PpoState run(Complete previous, RowSources rows, Learners learners) {
    long iteration = previous.state().iteration() + 1;
    PpoState state = previous.state();
    IterationScalars scalars = new IterationScalars(state.klCoefficient(), state.baseline());
    StageTimes times = new StageTimes();

    String rollouts = // response tokens, logprobs, ref_logprobs, values if need be
        times.stage(Metric.GENERATE_SECONDS, () -> generate(iteration, previous, rows.prompts()));
    String scores = // one scalar per response
        times.stage(Metric.SCORE_SECONDS, () -> score(iteration, rollouts));
    IterationStatistics statistics = // and, if needed, per-token rewards, advantages, returns
        times.stage(
            Metric.ADVANTAGES_SECONDS, () -> buildExperience(iteration, rollouts, scores, scalars));
    UpdateModels.Update update =
        times.stage(
            Metric.UPDATE_SECONDS,
            () ->
                updateModels.execute(
                    state,
                    new UpdateModels.Published(rollouts, scores, layout.experience(iteration)),
                    rows.pretraining(),
                    learners));

    IterationMetrics metrics =
        IterationMetrics.of(settings, state, statistics, update, times.seconds())
            .with(goldScores.metrics(rollouts));
    return new PpoState(
        iteration,
        learners.policy().steps(),
        nextKlCoefficient(state, statistics),
        nextBaseline(state, statistics),
        nextOldKlCoefficient(state, update),
        metrics.line());
  }

  private double nextKlCoefficient(PpoState state, IterationStatistics statistics) {
    return KlController.of(settings.kl())
        .withCoefficient(state.klCoefficient())
        .update(statistics.kl().mean(), statistics.responses())
        .coefficient();
  }

  /** Moving average over the iterations of the mean return, whose first is the average so far. */
  private double nextBaseline(PpoState state, IterationStatistics statistics) {
    if (!settings.advantageSettings().hasBaseline()) {
      return 0;
    }
    double mean = statistics.returns().mean();
    double decay = settings.advantages().baselineDecay();
    return state.iteration() == 0 ? mean : decay * state.baseline() + (1 - decay) * mean;
  }

  private double nextOldKlCoefficient(PpoState state, UpdateModels.Update update) {
    OldPolicyPenalty penalty =
        new OldPolicyPenalty(state.oldKlCoefficient(), settings.objective().oldKlTarget());
    return settings.penalisesOldKl()
        ? update.oldKl().map(penalty::update).orElse(penalty).coefficient()
        : penalty.coefficient();
  }

  private String generate(long iteration, Complete previous, PromptSource prompts) {
    String output = layout.rollouts(iteration);
    if (!datasets.isPublished(output)) {
      List<PromptDraw> draws =
          prompts.draws(
              iteration,
              settings.ppo().responsesPerIteration(),
              settings.generation().samplesPerPrompt());
      JavaRDD<PromptDraw> rows =
          spark.parallelize(draws, Math.min(draws.size(), spark.defaultParallelism()));
      RolloutModels models =
          RolloutModels.ofPolicy(previous.policy()).withReference(inputs.policy());
      generateRollouts.execute(
          rows,
          previous.critic().map(critic -> withCritic(models, critic)).orElse(models),
          settings.seed(),
          iteration,
          output);
    }
    return output;
  }

  private RolloutModels withCritic(RolloutModels models, String critic) {
    return settings.advantageSettings().judgesActions()
        ? models.withActionCritic(critic)
        : models.withCritic(critic);
  }

  private String score(long iteration, String rollouts) {
    String output = layout.scores(iteration);
    if (!datasets.isPublished(output)) {
      judge.ifPresentOrElse(
          job -> job.execute(rollouts, output),
          () -> scoreResponses.execute(rollouts, inputs.rewardModel().orElseThrow(), output));
    }
    return output;
  }

  private IterationStatistics buildExperience(
      long iteration, String rollouts, String scores, IterationScalars scalars) {
    String output = layout.experience(iteration);
    if (!settings.needsExperience() || datasets.isPublished(output)) {
      return estimateAdvantages.statistics(rollouts, scores, scalars);
    }
    return estimateAdvantages.execute(rollouts, scores, scalars, output).statistics();
  }
}
