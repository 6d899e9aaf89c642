package org.rlhf4j.objective;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rlhf4j.metrics.Metric;

/**
 * Clipped surrogate of PPO, mean over the response tokens of the whole minibatch: {@code -min(r A,
 * clip(r, 1 - c, 1 + c) A)} with {@code r = exp(log pi - log pi_old)}.
 *
 * <p>Schulman et al. 2017 (arXiv:1707.06347), eq. 7. The dual clip bounds the surrogate of a
 * negative advantage by {@code d A}: Ye et al. 2020 (arXiv:1912.09729), eq. 5. {@code
 * policy/approx-kl} is {@code mean((log pi - log pi_old)^2) / 2} and the clip fraction counts the
 * tokens whose clipped term binds, both as in lm-human-preferences (train_policy.py).
 *
 * @param clipRange c
 * @param dualClip d, above 1; 0 means none
 */
public record PpoClip(double clipRange, double dualClip) implements Objective {
  private static final int CLIPPED = 2;
  private static final int KL = 3;
  private static final int ENTROPY = 4;
  private static final int RATIO_MAX = 5;
  private static final int RATIO_DEVIATION = 6;

  @Override
  public String[] channels() {
    return new String[] {"old_logprob", "advantage"};
  }

  @Override
  public String[] statistics() {
    return new String[] {
      "tokens", "loss", "clipped", "approx_kl", "entropy", "ratio_max", "ratio_deviation"
    };
  }

  @Override
  public boolean needsEntropies() {
    return true;
  }

  @Override
  public double evaluate(
      float[] outputs, float[] entropies, Targets targets, float[] gradient, double[] statistics) {
    float[] oldLogprobs = targets.channels()[0];
    float[] advantages = targets.channels()[1];
    int tokens = targets.count();
    Arrays.fill(statistics, 0);
    statistics[WEIGHT] = tokens;
    for (int k = 0; k < tokens; k++) {
      double logRatio = (double) outputs[k] - oldLogprobs[k];
      double ratio = Math.exp(logRatio);
      gradient[k] = (float) (token(ratio, advantages[k], statistics) / tokens);
      statistics[KL] += 0.5 * logRatio * logRatio;
      statistics[RATIO_MAX] = Math.max(statistics[RATIO_MAX], ratio);
      statistics[RATIO_DEVIATION] = Math.max(statistics[RATIO_DEVIATION], Math.abs(ratio - 1));
    }
    for (float entropy : entropies) {
      statistics[ENTROPY] += entropy;
    }
    return Statistics.mean(statistics[LOSS], tokens);
  }

  /**
   * Adds the loss of one token to the statistics; returns its derivative by the log-probability.
   */
  private double token(double ratio, double advantage, double[] statistics) {
    double surrogate = ratio * advantage;
    double clipped = Statistics.clip(ratio, 1 - clipRange, 1 + clipRange) * advantage;
    double bound = advantage < 0 && dualClip > 0 ? dualClip * advantage : Double.NEGATIVE_INFINITY;
    statistics[CLIPPED] += clipped < surrogate ? 1 : 0;
    statistics[LOSS] -= Math.max(Math.min(surrogate, clipped), bound);
    boolean flat = clipped < surrogate || surrogate < bound;
    return flat ? 0 : -surrogate;
  }

  @Override
  public void merge(double[] into, double[] other) {
    double ratioMax = Math.max(into[RATIO_MAX], other[RATIO_MAX]);
    double ratioDeviation = Math.max(into[RATIO_DEVIATION], other[RATIO_DEVIATION]);
    Objective.super.merge(into, other);
    into[RATIO_MAX] = ratioMax;
    into[RATIO_DEVIATION] = ratioDeviation;
  }

  @Override
  public Map<String, Double> metrics(double[] statistics) {
    double tokens = statistics[WEIGHT];
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metric.LOSS.key(), Statistics.mean(statistics[LOSS], tokens));
    metrics.put(Metric.POLICY_LOSS.key(), Statistics.mean(statistics[LOSS], tokens));
    metrics.put(Metric.APPROX_KL.key(), Statistics.mean(statistics[KL], tokens));
    metrics.put(Metric.CLIP_FRACTION.key(), Statistics.mean(statistics[CLIPPED], tokens));
    metrics.put(Metric.RATIO_MAX.key(), statistics[RATIO_MAX]);
    metrics.put(Metric.RATIO_DEVIATION.key(), statistics[RATIO_DEVIATION]);
    metrics.put(Metric.POLICY_ENTROPY.key(), Statistics.mean(statistics[ENTROPY], tokens));
    return metrics;
  }
}
