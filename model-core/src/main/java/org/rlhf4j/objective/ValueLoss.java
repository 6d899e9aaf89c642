package org.rlhf4j.objective;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rlhf4j.metrics.Metric;

/**
 * Critic: {@code mean(max((v - R)^2, (V + clip(v - V, -c, c) - R)^2)) / 2} over the response tokens
 * of the whole minibatch, V the old values and R the returns.
 *
 * <p>Clipped as in lm-human-preferences (train_policy.py) and OpenAI baselines (ppo2/model.py).
 *
 * @param clipRange c; 0 means no clipping
 */
public record ValueLoss(double clipRange) implements Objective {
  private static final int CLIPPED = 2;
  private static final int RETURN = 3;
  private static final int RETURN_SQUARED = 4;
  private static final int RESIDUAL = 5;
  private static final int RESIDUAL_SQUARED = 6;

  @Override
  public String[] channels() {
    return new String[] {"old_value", "return"};
  }

  @Override
  public String[] statistics() {
    return new String[] {
      "tokens", "loss", "clipped", "return", "return_squared", "residual", "residual_squared"
    };
  }

  @Override
  public double evaluate(
      float[] outputs, float[] entropies, Targets targets, float[] gradient, double[] statistics) {
    float[] oldValues = targets.channels()[0];
    float[] returns = targets.channels()[1];
    int tokens = targets.count();
    Arrays.fill(statistics, 0);
    statistics[WEIGHT] = tokens;
    for (int k = 0; k < tokens; k++) {
      double value = outputs[k];
      double residual = returns[k] - value;
      gradient[k] = (float) (token(value, oldValues[k], returns[k], statistics) / tokens);
      statistics[RETURN] += returns[k];
      statistics[RETURN_SQUARED] += (double) returns[k] * returns[k];
      statistics[RESIDUAL] += residual;
      statistics[RESIDUAL_SQUARED] += residual * residual;
    }
    return Statistics.mean(statistics[LOSS], tokens);
  }

  /** Adds the loss of one token to the statistics; returns its derivative by the value. */
  private double token(double value, double oldValue, double returned, double[] statistics) {
    double error = value - returned;
    double loss = error * error;
    double clippedLoss = loss;
    if (clipRange > 0) {
      double change = Statistics.clip(value - oldValue, -clipRange, clipRange);
      double clippedError = oldValue + change - returned;
      // Inside the range both are the same number; computing it twice would differ by rounding.
      clippedLoss = change == value - oldValue ? loss : clippedError * clippedError;
    }
    boolean flat = clippedLoss > loss;
    statistics[CLIPPED] += flat ? 1 : 0;
    statistics[LOSS] += 0.5 * Math.max(loss, clippedLoss);
    return flat ? 0 : error;
  }

  @Override
  public Map<String, Double> metrics(double[] statistics) {
    double tokens = statistics[WEIGHT];
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metric.LOSS.key(), Statistics.mean(statistics[LOSS], tokens));
    metrics.put(Metric.VALUE_LOSS.key(), Statistics.mean(statistics[LOSS], tokens));
    metrics.put(Metric.VALUE_CLIP_FRACTION.key(), Statistics.mean(statistics[CLIPPED], tokens));
    metrics.put(Metric.EXPLAINED_VARIANCE.key(), explainedVariance(statistics));
    return metrics;
  }

  /** 1 - Var(R - v) / Var(R); 0 where the returns do not vary. */
  private static double explainedVariance(double[] statistics) {
    double variance = variance(statistics, RETURN);
    return variance <= 0 ? 0 : 1 - variance(statistics, RESIDUAL) / variance;
  }

  /** Biased variance from the sum at {@code index} and the sum of squares after it. */
  private static double variance(double[] statistics, int index) {
    double mean = Statistics.mean(statistics[index], statistics[WEIGHT]);
    return Statistics.mean(statistics[index + 1], statistics[WEIGHT]) - mean * mean;
  }
}
