package org.rlhf4j.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rlhf4j.metrics.Metric;

/**
 * Loss of a policy on its own responses: a mean of the {@link Surrogate}, minus an entropy bonus,
 * plus the KL penalty to the reference where that is part of the loss.
 *
 * <p>The bonus adds the exact entropy to the loss. Decoders pass on derivatives by the sampled
 * tokens' log-probabilities only, so its gradient is estimated from these: {@code -r (log pi + H)},
 * which is the entropy's gradient on average, the H being there to lower the variance.
 *
 * <p>{@code policy/approx-kl} is {@code mean((log pi - log pi_old)^2) / 2} as in
 * lm-human-preferences (train_policy.py), {@code policy/old-kl} the mean of {@code r - 1 - log r}.
 *
 * @param entropyBonus whether there is one; its weight comes by channel, as does that of the KL
 */
public record PolicyObjective(
    Surrogate surrogate,
    LossAggregation aggregation,
    EntropyBonus entropyBonus,
    ReferenceKl referenceKl)
    implements Objective {
  public static final String OLD_LOGPROB = "old_logprob";
  public static final String ADVANTAGE = "advantage";

  /** Weight of the KL to the old policy, the same at every token. */
  public static final String PENALTY = "penalty";

  /** Weight of the entropy bonus, the same at every token. */
  public static final String ENTROPY_COEFFICIENT = "entropy_coefficient";

  public static final String REF_LOGPROB = "ref_logprob";

  /** Weight of the KL to the reference, the same at every token. */
  public static final String KL_COEFFICIENT = "kl_coefficient";

  private static final double[] NOTHING = {};
  private static final int TOKENS = 2;
  private static final int SURROGATE = 3;
  private static final int CLIPPED = 4;
  private static final int APPROX_KL = 5;
  private static final int OLD_KL = 6;
  private static final int ENTROPY = 7;
  private static final int RATIO_MAX = 8;
  private static final int RATIO_DEVIATION = 9;

  /** The surrogate alone, mean over tokens. */
  public static PolicyObjective of(Surrogate surrogate) {
    return new PolicyObjective(
        surrogate, LossAggregation.TOKENS, EntropyBonus.NONE, ReferenceKl.NONE);
  }

  @Override
  public String[] channels() {
    List<String> channels = new ArrayList<>(List.of(OLD_LOGPROB, ADVANTAGE));
    if (surrogate instanceof PpoKl) {
      channels.add(PENALTY);
    }
    if (entropyBonus != EntropyBonus.NONE) {
      channels.add(ENTROPY_COEFFICIENT);
    }
    if (referenceKl != ReferenceKl.NONE) {
      channels.addAll(List.of(REF_LOGPROB, KL_COEFFICIENT));
    }
    return channels.toArray(String[]::new);
  }

  @Override
  public String[] statistics() {
    return new String[] {
      "weight",
      "loss",
      "tokens",
      "surrogate",
      "clipped",
      "approx_kl",
      "old_kl",
      "entropy",
      "ratio_max",
      "ratio_deviation"
    };
  }

  @Override
  public boolean needsEntropies() {
    return true;
  }

  @Override
  public double evaluate(
      float[] outputs, float[] entropies, Targets targets, float[] gradient, double[] statistics) {
    Channels channels = Channels.of(this, targets);
    double[] weights = aggregation.weights(targets);
    double whole = aggregation.total(targets);
    double[] charged = charged(outputs, channels.refLogprobs, targets);
    Arrays.fill(statistics, 0);
    statistics[WEIGHT] = whole;
    statistics[TOKENS] = targets.count();
    for (int k = 0; k < targets.count(); k++) {
      double logRatio = (double) outputs[k] - channels.oldLogprobs[k];
      double ratio = Math.exp(logRatio);
      double entropy = entropies.length == 0 ? 0 : entropies[k];
      double logprob = outputs[k];
      double advantage = channels.advantages[k];
      double penalty = channels.penalty(k);
      double surrogateLoss = surrogate.loss(logprob, ratio, advantage, penalty);
      double loss = surrogateLoss;
      double slope = surrogate.slope(ratio, advantage, penalty);
      if (entropyBonus != EntropyBonus.NONE) {
        loss -= channels.entropyCoefficients[k] * entropy;
        slope += channels.entropyCoefficients[k] * ratio * (logprob + entropy);
      }
      if (referenceKl != ReferenceKl.NONE) {
        double distance = logprob - channels.refLogprobs[k];
        loss += channels.klCoefficients[k] * referenceKl.loss(distance, ratio);
        slope += channels.klCoefficients[k] * referenceKl.slope(charged[k], ratio);
      }
      gradient[k] = (float) (weights[k] * slope / whole);
      statistics[LOSS] += weights[k] * loss;
      statistics[SURROGATE] += weights[k] * surrogateLoss;
      statistics[CLIPPED] += surrogate.isClipped(ratio, advantage) ? 1 : 0;
      statistics[ENTROPY] += entropy;
      addDistance(ratio, logRatio, statistics);
    }
    return Statistics.mean(statistics[LOSS], whole);
  }

  /** Log-ratio to the reference, [K], summed from each token on where it bears what follows. */
  private double[] charged(float[] outputs, float[] refLogprobs, Targets targets) {
    if (referenceKl == ReferenceKl.NONE) {
      return NOTHING;
    }
    int[] sequences = targets.sequences();
    double[] charged = new double[outputs.length];
    for (int k = outputs.length - 1; k >= 0; k--) {
      charged[k] = (double) outputs[k] - refLogprobs[k];
      boolean isFollowed = k + 1 < outputs.length && sequences[k + 1] == sequences[k];
      if (isFollowed && referenceKl.chargesWhatFollows()) {
        charged[k] += charged[k + 1];
      }
    }
    return charged;
  }

  private static void addDistance(double ratio, double logRatio, double[] statistics) {
    statistics[APPROX_KL] += 0.5 * logRatio * logRatio;
    statistics[OLD_KL] += Math.expm1(logRatio) - logRatio;
    statistics[RATIO_MAX] = Math.max(statistics[RATIO_MAX], ratio);
    statistics[RATIO_DEVIATION] = Math.max(statistics[RATIO_DEVIATION], Math.abs(ratio - 1));
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
    double tokens = statistics[TOKENS];
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metric.LOSS.key(), Statistics.mean(statistics[LOSS], statistics[WEIGHT]));
    metrics.put(
        Metric.POLICY_LOSS.key(), Statistics.mean(statistics[SURROGATE], statistics[WEIGHT]));
    metrics.put(Metric.APPROX_KL.key(), Statistics.mean(statistics[APPROX_KL], tokens));
    metrics.put(Metric.OLD_KL.key(), Statistics.mean(statistics[OLD_KL], tokens));
    metrics.put(Metric.CLIP_FRACTION.key(), Statistics.mean(statistics[CLIPPED], tokens));
    metrics.put(Metric.RATIO_MAX.key(), statistics[RATIO_MAX]);
    metrics.put(Metric.RATIO_DEVIATION.key(), statistics[RATIO_DEVIATION]);
    metrics.put(Metric.POLICY_ENTROPY.key(), Statistics.mean(statistics[ENTROPY], tokens));
    return metrics;
  }

  /** The label channels by name; those an objective does not have are empty. */
  private record Channels(
      float[] oldLogprobs,
      float[] advantages,
      float[] penalties,
      float[] entropyCoefficients,
      float[] refLogprobs,
      float[] klCoefficients) {
    private static final float[] NONE = {};

    static Channels of(PolicyObjective objective, Targets targets) {
      List<String> names = List.of(objective.channels());
      return new Channels(
          channel(names, targets, OLD_LOGPROB),
          channel(names, targets, ADVANTAGE),
          channel(names, targets, PENALTY),
          channel(names, targets, ENTROPY_COEFFICIENT),
          channel(names, targets, REF_LOGPROB),
          channel(names, targets, KL_COEFFICIENT));
    }

    private static float[] channel(List<String> names, Targets targets, String name) {
      int index = names.indexOf(name);
      return index < 0 ? NONE : targets.channels()[index];
    }

    double penalty(int k) {
      return penalties.length == 0 ? 0 : penalties[k];
    }
  }
}
