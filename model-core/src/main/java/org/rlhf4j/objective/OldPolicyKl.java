package org.rlhf4j.objective;

import java.util.Arrays;
import java.util.Map;
import org.rlhf4j.metrics.Metric;

/**
 * KL from the policy that sampled, estimated from its tokens: {@code mean(r - 1 - log r)}. Where
 * both are one policy its gradient is 0 and its Hessian the mean of {@code grad log pi grad log
 * pi^T}, the Fisher information on the sampled tokens. Reads the first channel of {@link
 * PolicyObjective}.
 */
public record OldPolicyKl() implements Objective {
  @Override
  public String[] channels() {
    return new String[] {PolicyObjective.OLD_LOGPROB};
  }

  @Override
  public String[] statistics() {
    return new String[] {"tokens", "kl"};
  }

  @Override
  public double evaluate(
      float[] outputs, float[] entropies, Targets targets, float[] gradient, double[] statistics) {
    float[] oldLogprobs = targets.channels()[0];
    Arrays.fill(statistics, 0);
    statistics[WEIGHT] = outputs.length;
    for (int k = 0; k < outputs.length; k++) {
      double logRatio = (double) outputs[k] - oldLogprobs[k];
      double excess = Math.expm1(logRatio);
      gradient[k] = (float) (excess / outputs.length);
      statistics[LOSS] += excess - logRatio;
    }
    return Statistics.mean(statistics[LOSS], statistics[WEIGHT]);
  }

  @Override
  public Map<String, Double> metrics(double[] statistics) {
    double kl = Statistics.mean(statistics[LOSS], statistics[WEIGHT]);
    return Map.of(Metric.LOSS.key(), kl, Metric.OLD_KL.key(), kl);
  }
}
