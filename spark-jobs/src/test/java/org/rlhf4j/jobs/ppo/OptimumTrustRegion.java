package org.rlhf4j.jobs.ppo;

import java.util.List;
import java.util.Map;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.objective.OldPolicyKl;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.trust.TrustRegionProblem;

/** A table's step inside a trust region, as ExperienceProblem has it for models. */
final class OptimumTrustRegion implements TrustRegionProblem {
  private static final double STEP = 1e-3;

  private final OptimumPolicy.Tabular policy;
  private final List<TrainingExample> rows;
  private final double[] start;

  OptimumTrustRegion(OptimumPolicy.Tabular policy, List<TrainingExample> rows) {
    this.policy = policy;
    this.rows = rows;
    this.start = policy.parameters().clone();
  }

  @Override
  public Floats vector() {
    return Floats.allocate(start.length);
  }

  @Override
  public Floats gradient() {
    double[] gradient = new double[start.length];
    policy.gradient(rows, policy.objective(), gradient);
    return floats(gradient);
  }

  @Override
  public Floats fisherTimes(Floats direction) {
    double[] image = new double[start.length];
    double[] below = new double[start.length];
    set(STEP, direction);
    policy.gradient(rows, new OldPolicyKl(), image);
    set(-STEP, direction);
    policy.gradient(rows, new OldPolicyKl(), below);
    set(0, direction);
    for (int i = 0; i < image.length; i++) {
      image[i] = (image[i] - below[i]) / (2 * STEP);
    }
    return floats(image);
  }

  @Override
  public Measure moveBy(double scale, Floats direction) {
    set(scale, direction);
    double[] statistics = policy.gradient(rows, policy.objective(), new double[start.length]);
    Map<String, Double> metrics = policy.objective().metrics(statistics);
    return new Measure(metrics.get(Metric.LOSS.key()), metrics.get(Metric.OLD_KL.key()));
  }

  private void set(double scale, Floats direction) {
    for (int i = 0; i < start.length; i++) {
      policy.parameters()[i] = start[i] + scale * direction.at(i);
    }
  }

  private static Floats floats(double[] values) {
    Floats floats = Floats.allocate(values.length);
    for (int i = 0; i < values.length; i++) {
      floats.set(i, (float) values[i]);
    }
    return floats;
  }
}
