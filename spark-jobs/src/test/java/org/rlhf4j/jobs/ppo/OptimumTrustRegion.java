package org.rlhf4j.jobs.ppo;

import java.util.List;
import java.util.Map;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.objective.Objective;
import org.rlhf4j.objective.OldPolicyKl;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.trust.TrustRegionProblem;
import org.rlhf4j.trust.Vectors;

/** A policy's step inside a trust region, as ExperienceProblem has it for models on a cluster. */
final class OptimumTrustRegion implements TrustRegionProblem {
  /** Length of the differences that give products with the Fisher information. */
  private static final double STEP = 1e-2;

  private final OptimumPolicy policy;
  private final List<TrainingExample> rows;
  private final double[] start;

  OptimumTrustRegion(OptimumPolicy policy, List<TrainingExample> rows) {
    this.policy = policy;
    this.rows = rows;
    this.start = policy.parameters();
  }

  @Override
  public Floats vector() {
    return Floats.allocate(start.length);
  }

  @Override
  public Floats gradient() {
    return floats(gradientOf(policy.objective()));
  }

  @Override
  public Floats fisherTimes(Floats direction) {
    double norm = Math.sqrt(Vectors.dot(direction, direction));
    if (norm == 0) {
      return vector();
    }
    double scale = STEP / norm;
    set(scale, direction);
    double[] image = gradientOf(new OldPolicyKl());
    set(-scale, direction);
    double[] below = gradientOf(new OldPolicyKl());
    set(0, direction);
    for (int i = 0; i < image.length; i++) {
      image[i] = (image[i] - below[i]) / (2 * scale);
    }
    return floats(image);
  }

  private double[] gradientOf(Objective objective) {
    double[] gradient = new double[start.length];
    policy.gradient(rows, objective, gradient);
    return gradient;
  }

  @Override
  public Measure moveBy(double scale, Floats direction) {
    set(scale, direction);
    double[] statistics = policy.gradient(rows, policy.objective(), new double[start.length]);
    Map<String, Double> metrics = policy.objective().metrics(statistics);
    return new Measure(metrics.get(Metric.LOSS.key()), metrics.get(Metric.OLD_KL.key()));
  }

  private void set(double scale, Floats direction) {
    double[] moved = start.clone();
    for (int i = 0; i < start.length; i++) {
      moved[i] += scale * direction.at(i);
    }
    policy.setParameters(moved);
  }

  private static Floats floats(double[] values) {
    Floats floats = Floats.allocate(values.length);
    for (int i = 0; i < values.length; i++) {
      floats.set(i, (float) values[i]);
    }
    return floats;
  }
}
