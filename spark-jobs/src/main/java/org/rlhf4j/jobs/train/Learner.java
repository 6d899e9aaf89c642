package org.rlhf4j.jobs.train;

import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.objective.Objective;

/** Turns examples into parameters by DL4J parameter averaging over Spark. Stub. */
public final class Learner implements AutoCloseable {
  /**
   * @param model starting weights; copied
   * @param totalSteps length of the learning-rate schedule
   */
  public Learner(
      SparkSession spark,
      DecoderModel model,
      Objective objective,
      OptimizerConfig optimizer,
      TrainerConfig trainer,
      long totalSteps) {
    throw new UnsupportedOperationException();
  }

  /**
   * One pass over the examples in an order that depends on {@code epochSeed} and the examples' ids
   * alone; every example is used exactly once (asserted). The last minibatch may be smaller.
   *
   * @param steps told of each step, in order
   * @return steps taken
   */
  public long epoch(
      JavaRDD<TrainingExample> examples, long epochSeed, Consumer<StepMetrics> steps) {
    throw new UnsupportedOperationException();
  }

  /** Current weights; valid until the next call of {@link #epoch}. */
  public DecoderModel model() {
    throw new UnsupportedOperationException();
  }

  /** Updater state and step count, to be written beside the weights. */
  public void saveState(java.nio.file.Path file) {
    throw new UnsupportedOperationException();
  }

  public void loadState(java.nio.file.Path file) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
