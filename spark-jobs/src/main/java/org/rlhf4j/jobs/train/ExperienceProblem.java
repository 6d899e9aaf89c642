package org.rlhf4j.jobs.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.nd4j.linalg.dataset.DataSet;
import org.rlhf4j.dl4j.TrainingNetwork;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.objective.Objective;
import org.rlhf4j.objective.OldPolicyKl;
import org.rlhf4j.objective.PretrainingMix;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.trust.TrustRegionProblem;
import org.rlhf4j.trust.Vectors;

/**
 * A learner's policy on one iteration's experience, all of it in every pass. A worker sums over its
 * minibatches and the driver over workers, both in order.
 *
 * <p>Products with the Fisher information need no second derivatives: the gradient of {@link
 * OldPolicyKl} is 0 where the responses were sampled and its derivative along v is F v, which is
 * taken by central differences, {@code (g(x + e v) - g(x - e v)) / 2e}.
 */
final class ExperienceProblem implements TrustRegionProblem {
  /** Length of e v: log-probabilities move by some hundredths, far above their rounding. */
  private static final double STEP = 1e-2;

  private final DriverNetwork driver;
  private final Objective objective;
  private final Objective oldPolicyKl;
  private final JavaRDD<DataSet> minibatches;
  private final int threads;
  private final Floats start;
  private Map<String, Double> metrics = Map.of();

  private enum Kind {
    LOSS,
    GRADIENT
  }

  /** What a worker brings back; no gradient where none was asked for. */
  private record Part(int firstStep, double[] statistics, byte[][] gradient)
      implements java.io.Serializable {}

  private record Total(double[] statistics, Floats gradient) {}

  ExperienceProblem(
      DriverNetwork driver, Objective objective, JavaRDD<DataSet> minibatches, int threads) {
    this.driver = driver;
    this.objective = objective;
    OldPolicyKl kl = new OldPolicyKl();
    this.oldPolicyKl = objective instanceof PretrainingMix mix ? mix.without(kl) : kl;
    this.minibatches = minibatches;
    this.threads = threads;
    this.start = vector();
    FloatChunks.copy(driver.network().parameters(), start);
  }

  /** Of the objective, in the last {@link #gradient()} or {@link #moveBy}. */
  Map<String, Double> metrics() {
    return metrics;
  }

  @Override
  public Floats vector() {
    return Floats.allocate(driver.network().parameters().length());
  }

  @Override
  public Floats gradient() {
    Total total = pass(objective, Kind.GRADIENT);
    metrics = objective.metrics(total.statistics());
    return total.gradient();
  }

  @Override
  public Floats fisherTimes(Floats direction) {
    double norm = Math.sqrt(Vectors.dot(direction, direction));
    if (norm == 0) {
      return vector();
    }
    double scale = STEP / norm;
    setParameters(scale, direction);
    Floats above = pass(oldPolicyKl, Kind.GRADIENT).gradient();
    setParameters(-scale, direction);
    Floats below = pass(oldPolicyKl, Kind.GRADIENT).gradient();
    setParameters(0, direction);
    Vectors.combine(-1 / (2 * scale), below, 1 / (2 * scale), above);
    return above;
  }

  @Override
  public Measure moveBy(double scale, Floats direction) {
    setParameters(scale, direction);
    metrics = objective.metrics(pass(objective, Kind.LOSS).statistics());
    return new Measure(metrics.get(Metric.LOSS.key()), metrics.get(Metric.OLD_KL.key()));
  }

  private void setParameters(double scale, Floats direction) {
    Floats parameters = driver.network().parameters();
    FloatChunks.copy(start, parameters);
    if (scale != 0) {
      Vectors.combine(scale, direction, 1, parameters);
    }
    driver.changed(driver.steps());
  }

  private Total pass(Objective wanted, Kind kind) {
    ParameterHandle handle = driver.handle();
    int kernelThreads = threads;
    List<Part> parts =
        new ArrayList<>(
            minibatches
                .mapPartitions(rows -> part(handle, wanted, kind, kernelThreads, rows))
                .collect());
    parts.sort(Comparator.comparingInt(Part::firstStep));
    double[] statistics = new double[wanted.statistics().length];
    Floats gradient = kind == Kind.GRADIENT ? vector() : Floats.allocate(0);
    Floats ofPart = kind == Kind.GRADIENT ? vector() : gradient;
    for (Part part : parts) {
      wanted.merge(statistics, part.statistics());
      if (kind == Kind.GRADIENT) {
        FloatChunks.fromBytes(part.gradient(), ofPart);
        Vectors.combine(1, ofPart, 1, gradient);
      }
    }
    double weight = statistics[Objective.WEIGHT];
    if (kind == Kind.GRADIENT && weight > 0) {
      Vectors.combine(0, gradient, 1 / weight, gradient);
    }
    return new Total(statistics, gradient);
  }

  private static Iterator<Part> part(
      ParameterHandle handle, Objective wanted, Kind kind, int threads, Iterator<DataSet> rows) {
    return rows.hasNext()
        ? WorkerNetworks.read(handle, network -> part(network, wanted, kind, threads, rows))
        : List.<Part>of().iterator();
  }

  /** Sum over minibatches, each weighing what its loss is divided by. */
  private static Iterator<Part> part(
      TrainingNetwork network, Objective wanted, Kind kind, int threads, Iterator<DataSet> rows) {
    double[] statistics = new double[wanted.statistics().length];
    Floats sum = Floats.allocate(kind == Kind.GRADIENT ? network.parameters().length() : 0);
    Floats gradient = Floats.allocate(sum.length());
    int firstStep = Integer.MAX_VALUE;
    while (rows.hasNext()) {
      DataSet minibatch = rows.next();
      StepMark mark = (StepMark) minibatch.getExampleMetaData().get(0);
      firstStep = Math.min(firstStep, mark.step());
      double[] own = network.gradient(minibatch, wanted, gradient, threads);
      wanted.merge(statistics, own);
      if (kind == Kind.GRADIENT) {
        Vectors.combine(own[Objective.WEIGHT], gradient, 1, sum);
      }
    }
    return List.of(new Part(firstStep, statistics, FloatChunks.toBytes(sum))).iterator();
  }
}
