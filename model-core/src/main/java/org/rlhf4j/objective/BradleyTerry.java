package org.rlhf4j.objective;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rlhf4j.metrics.Metric;

/**
 * Reward model on pairs: {@code -log sigmoid(r_chosen - r_rejected - margin)}, averaged over pairs
 * by weight. An example is two sequences, chosen first, each with one target: its last token.
 *
 * <p>Ouyang et al. 2022 (arXiv:2203.02155), eq. 1; the margin is that of Touvron et al. 2023
 * (arXiv:2307.09288), eq. 2; centring adds {@code c (r_chosen + r_rejected)^2}, Eisenstein et al.
 * 2023 (arXiv:2312.09244), section 2. Channels of both sequences of a pair are equal.
 *
 * @param centring coefficient c that keeps scores around zero; 0 means none
 * @param labelSmoothing e, below one half: the loss is that of the label with 1 - e and of the
 *     opposite one with e
 */
public record BradleyTerry(double centring, double labelSmoothing) implements Objective {
  private static final int PAIRS = 2;
  private static final int ACCURATE = 3;
  private static final int MARGIN = 4;

  @Override
  public String[] channels() {
    return new String[] {"weight", "margin"};
  }

  @Override
  public String[] statistics() {
    return new String[] {"weight", "loss", "pairs", "accurate", "margin"};
  }

  @Override
  public double evaluate(
      float[] outputs, float[] entropies, Targets targets, float[] gradient, double[] statistics) {
    float[] weights = targets.channels()[0];
    float[] margins = targets.channels()[1];
    Arrays.fill(statistics, 0);
    for (int chosen = 0; chosen < targets.count(); chosen += 2) {
      statistics[WEIGHT] += weights[chosen];
    }
    for (int chosen = 0; chosen < targets.count(); chosen += 2) {
      int rejected = requirePair(targets, chosen);
      double share = Statistics.mean(weights[chosen], statistics[WEIGHT]);
      double difference = (double) outputs[chosen] - outputs[rejected];
      double sum = (double) outputs[chosen] + outputs[rejected];
      double shifted = difference - margins[chosen];
      double pull =
          labelSmoothing * Statistics.sigmoid(shifted)
              - (1 - labelSmoothing) * Statistics.sigmoid(-shifted);
      gradient[chosen] = (float) (share * (pull + 2 * centring * sum));
      gradient[rejected] = (float) (share * (-pull + 2 * centring * sum));
      double loss =
          (1 - labelSmoothing) * Statistics.softplus(-shifted)
              + labelSmoothing * Statistics.softplus(shifted)
              + centring * sum * sum;
      statistics[LOSS] += weights[chosen] * loss;
      statistics[PAIRS]++;
      statistics[ACCURATE] += Statistics.accuracy(difference);
      statistics[MARGIN] += difference;
    }
    return Statistics.mean(statistics[LOSS], statistics[WEIGHT]);
  }

  private static int requirePair(Targets targets, int chosen) {
    int rejected = chosen + 1;
    boolean pair =
        rejected < targets.count()
            && targets.sequences()[rejected] == targets.sequences()[chosen] + 1
            && targets.examples()[targets.sequences()[rejected]]
                == targets.examples()[targets.sequences()[chosen]];
    if (!pair) {
      throw new IllegalArgumentException(
          "Bradley-Terry needs examples of two sequences with one target each, but target "
              + chosen
              + " has no partner");
    }
    return rejected;
  }

  @Override
  public Map<String, Double> metrics(double[] statistics) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metric.LOSS.key(), Statistics.mean(statistics[LOSS], statistics[WEIGHT]));
    metrics.put(Metric.ACCURACY.key(), Statistics.mean(statistics[ACCURATE], statistics[PAIRS]));
    metrics.put(Metric.MARGIN.key(), Statistics.mean(statistics[MARGIN], statistics[PAIRS]));
    return metrics;
  }
}
