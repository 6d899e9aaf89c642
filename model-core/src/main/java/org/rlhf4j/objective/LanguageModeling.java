package org.rlhf4j.objective;

import java.util.Map;
import org.rlhf4j.metrics.Metric;

/**
 * Supervised fine-tuning: weighted mean of the negative log-likelihood of the response tokens,
 * {@code -sum(w log p) / sum(w)}, nats per token.
 */
public record LanguageModeling() implements Objective {
  private static final int TOKENS = 2;

  @Override
  public String[] channels() {
    return new String[] {"weight"};
  }

  @Override
  public String[] statistics() {
    return new String[] {"weight", "loss", "tokens"};
  }

  @Override
  public double evaluate(
      float[] outputs, float[] entropies, Targets targets, float[] gradient, double[] statistics) {
    float[] weights = targets.channels()[0];
    double weight = 0;
    double loss = 0;
    for (int k = 0; k < targets.count(); k++) {
      weight += weights[k];
      loss -= weights[k] * (double) outputs[k];
    }
    for (int k = 0; k < targets.count(); k++) {
      gradient[k] = (float) -Statistics.mean(weights[k], weight);
    }
    statistics[WEIGHT] = weight;
    statistics[LOSS] = loss;
    statistics[TOKENS] = targets.count();
    return Statistics.mean(loss, weight);
  }

  @Override
  public Map<String, Double> metrics(double[] statistics) {
    return Map.of(Metric.LOSS.key(), Statistics.mean(statistics[LOSS], statistics[WEIGHT]));
  }
}
