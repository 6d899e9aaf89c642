package org.rlhf4j.jobs.train;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.decoder.AdaptedModel;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.dl4j.DecoderPool;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.dl4j.TrainingNetwork;
import org.rlhf4j.hub.AdapterDirectory;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.jobs.model.TaskThreads;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.objective.Objective;
import org.rlhf4j.tensor.Buffer;
import org.rlhf4j.trust.TrustRegion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns examples into parameters by Deeplearning4j parameter averaging over Spark.
 *
 * <p>Each of {@code trainer.workers} workers takes {@code trainer.averaging-frequency} steps on its
 * share of the minibatches; then weights and updater state are averaged, weighted by what the
 * losses were divided by. With plain SGD and one step per round this is exactly one worker on the
 * whole minibatch; with Adam the moments are averaged too, which is close to it but not the same.
 * The number of workers is a setting and not the cluster's size, so that a run gives the same model
 * anywhere. One worker alone needs no averaging and keeps its network between rounds.
 */
public final class Learner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Learner.class);

  private final JavaSparkContext spark;
  private final StartingModel start;
  private final Objective objective;
  private final OptimizerConfig optimizer;
  private final TrainerConfig trainer;
  private final DriverNetwork driver;
  private final RoundMaster master;
  private final SparkDl4jMultiLayer network;

  private int hashedRdd = -1;
  private long[] idHashes = {};

  /**
   * @param totalSteps length of the learning-rate schedule
   */
  public Learner(
      SparkSession spark,
      StartingModel start,
      Objective objective,
      OptimizerConfig optimizer,
      TrainerConfig trainer,
      long totalSteps) {
    this(spark, start, objective, optimizer, trainer, totalSteps, 1.0);
  }

  /**
   * @param totalSteps length of the learning-rate schedule
   * @param temperature divides the logits: log-probabilities are those of sampling at it (language
   *     model only)
   */
  public Learner(
      SparkSession spark,
      StartingModel start,
      Objective objective,
      OptimizerConfig optimizer,
      TrainerConfig trainer,
      long totalSteps,
      double temperature) {
    this.spark = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.start = start;
    this.objective = objective;
    this.optimizer = optimizer;
    this.trainer = trainer;
    MultiLayerConfiguration configuration =
        TrainingNetwork.configuration(
            start.model().config(),
            start.model().head(),
            start.adapters(),
            objective,
            optimizer,
            totalSteps,
            temperature);
    this.driver = new DriverNetwork(this.spark, configuration, start);
    this.master =
        new RoundMaster(driver, TaskThreads.training(spark.sparkContext(), trainer.workers()));
    this.network = new SparkDl4jMultiLayer(this.spark, driver.network().network(), master);
  }

  /** Steps of a whole training of so many examples, as the schedule needs them. */
  public static long totalSteps(OptimizerConfig optimizer, long examples) {
    long perEpoch = (examples + optimizer.batchSize() - 1) / optimizer.batchSize();
    long steps = perEpoch * optimizer.epochs();
    return optimizer.maxSteps() > 0 ? Math.min(steps, optimizer.maxSteps()) : steps;
  }

  /**
   * One pass over the examples in an order that depends on {@code epochSeed} and the examples' ids
   * alone; every example is used exactly once (asserted). The last minibatch may be smaller. The
   * pass is cut where {@code max-steps} is reached.
   *
   * <p>The examples are computed twice, so callers with several epochs should persist them.
   *
   * @param steps told of each step, in order
   * @return steps taken
   * @throws org.rlhf4j.jobs.JobException if training diverged; the learner then holds the last
   *     weights that were sound
   */
  public long epoch(
      JavaRDD<TrainingExample> examples, long epochSeed, Consumer<StepMetrics> steps) {
    boolean borrowed = examples.getStorageLevel().equals(StorageLevel.NONE());
    if (borrowed) {
      examples.persist(StorageLevel.MEMORY_AND_DISK());
    }
    try {
      return epochOfPersisted(examples, epochSeed, 0, steps);
    } finally {
      if (borrowed) {
        examples.unpersist();
      }
    }
  }

  /**
   * The same for examples that are cheap to compute twice, and for the rest of an epoch.
   *
   * @param stepsBefore steps of this epoch that led to the learner's state: those of whole rounds
   * @return steps of the epoch, those before among them
   */
  long epochOfPersisted(
      JavaRDD<TrainingExample> examples,
      long epochSeed,
      int stepsBefore,
      Consumer<StepMetrics> steps) {
    long epochStart = driver.steps() - stepsBefore;
    long left = optimizer.maxSteps() == 0 ? Long.MAX_VALUE : optimizer.maxSteps() - epochStart;
    EpochPlan plan =
        EpochPlan.of(
            keys(examples, epochSeed),
            optimizer.batchSize(),
            trainer.workers(),
            stepsPerRound(),
            Math.max(0, left),
            stepsBefore);
    if (plan.firstRound() < plan.rounds()) {
      master.follow(plan, (results, cost) -> report(results, cost, epochStart).forEach(steps));
      network.fit(EpochData.minibatches(examples, plan, epochSeed));
    }
    return plan.steps();
  }

  /** A lone worker averages nothing, so its rounds have no cost that a setting could change. */
  private List<StepMetrics> report(List<RoundResult> results, RoundCost cost, long stepsBefore) {
    return trainer.workers() > 1
        ? StepReport.withCost(objective, results, cost, stepsBefore)
        : StepReport.of(objective, results, stepsBefore);
  }

  /**
   * One step of trust region policy optimisation on all examples together. Each worker sums over
   * its share of them, in order.
   *
   * @param examples of a {@link org.rlhf4j.objective.PolicyObjective}, of the current policy
   * @param order seed of the examples' order
   * @param steps told of the step, with the KL and the largest ratio after it
   */
  public void trustRegionStep(
      JavaRDD<TrainingExample> examples,
      TrustRegion region,
      long order,
      Consumer<StepMetrics> steps) {
    long[] keys = keys(examples, order);
    int minibatches = (keys.length + optimizer.batchSize() - 1) / optimizer.batchSize();
    int perWorker = Math.max(1, (minibatches + trainer.workers() - 1) / trainer.workers());
    EpochPlan plan = EpochPlan.of(keys, optimizer.batchSize(), 1, perWorker, Long.MAX_VALUE);
    ExperienceProblem problem =
        new ExperienceProblem(
            driver,
            objective,
            EpochData.minibatches(examples, plan, order),
            TaskThreads.training(spark.sc(), trainer.workers()));
    long start = System.nanoTime();
    problem.gradient();
    Map<String, Double> metrics = new LinkedHashMap<>(problem.metrics());
    TrustRegion.Outcome outcome = region.step(problem);
    for (Metric metric : List.of(Metric.APPROX_KL, Metric.OLD_KL, Metric.RATIO_MAX)) {
      metrics.put(metric.key(), problem.metrics().get(metric.key()));
    }
    metrics.put(Metric.STEP_SHARE.key(), outcome.share());
    metrics.put(Metric.GRADIENT_NORM.key(), outcome.gradientNorm());
    driver.network().requireFinite();
    driver.changed(driver.steps() + 1);
    LOG.debug("Trust region step in {} s", (System.nanoTime() - start) * 1e-9);
    steps.accept(new StepMetrics(driver.steps(), metrics));
  }

  /** Keys of all examples in this epoch; ids are collected once per data set. */
  private long[] keys(JavaRDD<TrainingExample> examples, long epochSeed) {
    if (hashedRdd != examples.id()) {
      idHashes =
          examples.map(example -> EpochOrder.idHash(example.id())).collect().stream()
              .mapToLong(Long::longValue)
              .toArray();
      hashedRdd = examples.id();
    }
    return Arrays.stream(idHashes).map(hash -> EpochOrder.key(epochSeed, hash)).toArray();
  }

  /**
   * Steps between two averages. For a single worker averaging changes nothing, so its rounds are as
   * long as is good for progress reports.
   */
  private int stepsPerRound() {
    if (trainer.workers() > 1) {
      return trainer.averagingFrequency();
    }
    return RoundLength.steps(
        start.model().weights().length(),
        optimizer.batchSize(),
        start.model().config().contextLength());
  }

  /**
   * Metrics of the objective over examples the learner is not trained on, with the current weights;
   * empty if there are none.
   */
  public Map<String, Double> evaluate(JavaRDD<TrainingExample> examples) {
    return evaluate(examples, objective);
  }

  /**
   * Metrics of another objective than the learner's, likewise.
   *
   * @param other reads the examples' first channels
   */
  Map<String, Double> evaluate(JavaRDD<TrainingExample> examples, Objective other) {
    return ObjectiveEvaluation.metrics(spark, driver, other, examples);
  }

  /** Whether {@code max-steps} is reached: another epoch would take no step. */
  public boolean isFinished() {
    return optimizer.maxSteps() > 0 && driver.steps() >= optimizer.maxSteps();
  }

  /** Steps taken over the learner's life, those before a loaded state included. */
  public long steps() {
    return driver.steps();
  }

  /** Current weights, adapters merged into them; valid until the next call of {@link #epoch}. */
  public DecoderModel model() {
    return adapted().merged();
  }

  private AdaptedModel adapted() {
    return new AdaptedModel(start.model(), start.adapters(), driver.network().parameters());
  }

  /**
   * Writes {@link #model()} as a model directory; adapters lie in its directory {@code adapter} as
   * PEFT writes them.
   *
   * @param tokenizerDirectory local directory with the model's tokenizer
   */
  public void saveModel(Path tokenizerDirectory, Path directory) {
    saveModel(tokenizerDirectory, directory, UnaryOperator.identity());
  }

  /**
   * The same after a change of the merged weights: of the scalar head, or the last norm.
   *
   * @param change must leave the model that it is given as it is
   */
  void saveModel(Path tokenizerDirectory, Path directory, UnaryOperator<DecoderModel> change) {
    try (Buffer memory = new Buffer(start.model().weights().kernels())) {
      DecoderModel written = change.apply(adapted().merged(memory));
      ModelDirectory.save(written, tokenizerDirectory, directory);
      if (start.adapters().exist()) {
        AdapterDirectory.save(adapted(), written, start.directory(), directory);
      }
    }
  }

  /**
   * Takes the adapters from a directory that {@link #saveModel} wrote; does nothing where all
   * weights are trained, since those are given to the constructor.
   */
  public void loadAdapters(Path directory) {
    if (start.adapters().exist()) {
      AdaptedModel saved = AdapterDirectory.load(start.model(), start.adapters(), directory);
      FloatChunks.copy(saved.trained(), driver.network().parameters());
      driver.changed(driver.steps());
    }
  }

  /** Updater state and step count, to be written beside the weights. */
  public void saveState(Path file) {
    LearnerState.save(driver.network(), file);
  }

  /**
   * Continues from a saved state; weights are those given to the constructor, or {@linkplain
   * #loadAdapters loaded}.
   *
   * @throws org.rlhf4j.jobs.JobException if the file belongs to another model or updater
   */
  public void loadState(Path file) {
    driver.changed(LearnerState.load(driver.network(), file));
  }

  /** Frees the networks; to be called before Spark is stopped. */
  @Override
  public void close() {
    driver.close();
    DecoderPool.forget(start.model().weights());
  }
}
