package org.rlhf4j.objective;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rlhf4j.metrics.Metric;

/**
 * No loss to train with: weighted mean and deviation of the scalars themselves. Parts merge by
 * Chan, Golub and LeVeque 1979, eq. 2.1, so that a large common score costs no digits.
 */
public record ScoreMoments() implements Objective {
  private static final int SQUARES = 2; // weighted sum of squared distances from the mean

  @Override
  public String[] channels() {
    return new String[] {"weight"};
  }

  @Override
  public String[] statistics() {
    return new String[] {"weight", "sum", "squares"};
  }

  /** Sets the gradient to 0. */
  @Override
  public double evaluate(
      float[] outputs, float[] entropies, Targets targets, float[] gradient, double[] statistics) {
    float[] weights = targets.channels()[0];
    Arrays.fill(gradient, 0);
    Arrays.fill(statistics, 0);
    for (int k = 0; k < targets.count(); k++) {
      statistics[WEIGHT] += weights[k];
      statistics[LOSS] += (double) weights[k] * outputs[k];
    }
    double mean = Statistics.mean(statistics[LOSS], statistics[WEIGHT]);
    for (int k = 0; k < targets.count(); k++) {
      double distance = outputs[k] - mean;
      statistics[SQUARES] += weights[k] * distance * distance;
    }
    return mean;
  }

  @Override
  public void merge(double[] into, double[] other) {
    double distance = mean(other) - mean(into);
    double weight = into[WEIGHT] + other[WEIGHT];
    double between = weight > 0 ? distance * distance * into[WEIGHT] * (other[WEIGHT] / weight) : 0;
    Objective.super.merge(into, other);
    into[SQUARES] += between;
  }

  @Override
  public Map<String, Double> metrics(double[] statistics) {
    double variance = Statistics.mean(statistics[SQUARES], statistics[WEIGHT]);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metric.REFERENCE_MEAN.key(), mean(statistics));
    metrics.put(Metric.REFERENCE_DEVIATION.key(), Math.sqrt(variance));
    return metrics;
  }

  private static double mean(double[] statistics) {
    return Statistics.mean(statistics[LOSS], statistics[WEIGHT]);
  }
}
