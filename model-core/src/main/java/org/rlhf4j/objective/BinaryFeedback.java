package org.rlhf4j.objective;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rlhf4j.metrics.Metric;

/**
 * Reward model on yes and no: the cross-entropy of {@code sigmoid(r)} and the label, mean over
 * responses by weight. The score is the log-odds of a yes. An example is one sequence with one
 * target, its last token; labels are in [0, 1], so that shares of several votes will do.
 *
 * @param labelSmoothing e, below one half: labels are taken to be wrong with this probability
 */
public record BinaryFeedback(double labelSmoothing) implements Objective {
  private static final int RESPONSES = 2;
  private static final int ACCURATE = 3;
  private static final int GOOD = 4;
  private static final int GOOD_SCORE = 5;
  private static final int SCORE = 6;

  @Override
  public String[] channels() {
    return new String[] {"weight", "rating"};
  }

  @Override
  public String[] statistics() {
    return new String[] {"weight", "loss", "responses", "accurate", "good", "good_score", "score"};
  }

  @Override
  public double evaluate(
      float[] outputs, float[] entropies, Targets targets, float[] gradient, double[] statistics) {
    float[] weights = targets.channels()[0];
    float[] labels = targets.channels()[1];
    Arrays.fill(statistics, 0);
    for (float weight : weights) {
      statistics[WEIGHT] += weight;
    }
    for (int k = 0; k < targets.count(); k++) {
      double score = outputs[k];
      double label = labels[k] * (1 - labelSmoothing) + (1 - labels[k]) * labelSmoothing;
      double share = Statistics.mean(weights[k], statistics[WEIGHT]);
      gradient[k] = (float) (share * (Statistics.sigmoid(score) - label));
      double loss = label * Statistics.softplus(-score) + (1 - label) * Statistics.softplus(score);
      statistics[LOSS] += weights[k] * loss;
      statistics[RESPONSES]++;
      statistics[ACCURATE] += Statistics.accuracy(labels[k] > 0.5 ? score : -score);
      statistics[GOOD] += labels[k];
      statistics[GOOD_SCORE] += labels[k] * score;
      statistics[SCORE] += score;
    }
    return Statistics.mean(statistics[LOSS], statistics[WEIGHT]);
  }

  @Override
  public Map<String, Double> metrics(double[] statistics) {
    double good = statistics[GOOD];
    double bad = statistics[RESPONSES] - good;
    double badScore = statistics[SCORE] - statistics[GOOD_SCORE];
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metric.LOSS.key(), Statistics.mean(statistics[LOSS], statistics[WEIGHT]));
    metrics.put(
        Metric.ACCURACY.key(), Statistics.mean(statistics[ACCURATE], statistics[RESPONSES]));
    metrics.put(
        Metric.MARGIN.key(),
        Statistics.mean(statistics[GOOD_SCORE], good) - Statistics.mean(badScore, bad));
    return metrics;
  }
}
