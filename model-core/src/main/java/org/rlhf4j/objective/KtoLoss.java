package org.rlhf4j.objective;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rlhf4j.metrics.Metric;

/**
 * Kahneman-Tversky optimisation on responses that are good or bad, mean over responses by weight:
 * {@code d (1 - sigmoid(b (r - z)))} for a good and {@code u (1 - sigmoid(b (z - r)))} for a bad
 * response, r its log-ratio to the reference; Ethayarajh et al. 2024 (arXiv:2402.01306), eqs. 7 and
 * 8.
 *
 * <p>The reference point z is the KL to the reference policy, estimated as in the authors' code:
 * the mean log-ratio of responses to other prompts, at least 0, without gradient. It is that of the
 * minibatch, or, with several workers, of a worker's share of it.
 *
 * <p>A sequence is good where its channel {@code label} is 1, bad where it is -1, and serves to
 * estimate z where it is 0. Examples may hold any number of sequences.
 *
 * @param beta b
 * @param desirableWeight d
 * @param undesirableWeight u
 */
public record KtoLoss(double beta, double desirableWeight, double undesirableWeight)
    implements Objective {
  private static final int ACCURATE = 2;
  private static final int CHOSEN = 3;
  private static final int REJECTED = 6;
  private static final int UNRELATED = 9;

  /** Offsets inside a group of responses. */
  private static final int COUNT = 0;

  private static final int REWARD = 1;
  private static final int LOGPROB = 2;

  @Override
  public String[] channels() {
    return new String[] {"weight", "label", REFERENCE_CHANNEL};
  }

  @Override
  public String[] statistics() {
    return new String[] {
      "weight",
      "loss",
      "accurate",
      "chosen",
      "chosen_reward",
      "chosen_logp",
      "rejected",
      "rejected_reward",
      "rejected_logp",
      "unrelated",
      "unrelated_log_ratio"
    };
  }

  @Override
  public double evaluate(
      float[] outputs, float[] entropies, Targets targets, float[] gradient, double[] statistics) {
    ResponseSum[] responses = ResponseSum.withReference(outputs, targets);
    float[] labels = targets.channels()[1];
    Arrays.fill(statistics, 0);
    for (ResponseSum response : responses) {
      if (labels[response.firstTarget()] == 0) {
        statistics[UNRELATED]++;
        statistics[UNRELATED + 1] += response.logRatio();
      } else {
        statistics[WEIGHT] += response.weight();
      }
    }
    double referencePoint = referencePoint(statistics);
    for (ResponseSum response : responses) {
      float label = labels[response.firstTarget()];
      double slope = label == 0 ? 0 : add(response, label, referencePoint, statistics);
      response.setGradient(Statistics.mean(slope, statistics[WEIGHT]), gradient);
    }
    return Statistics.mean(statistics[LOSS], statistics[WEIGHT]);
  }

  private static double referencePoint(double[] statistics) {
    return Math.max(0, Statistics.mean(statistics[UNRELATED + 1], statistics[UNRELATED]));
  }

  /** Adds a response to the statistics; returns its slope before the division by the weights. */
  private double add(
      ResponseSum response, float label, double referencePoint, double[] statistics) {
    double side = Math.signum(label);
    double scale = response.weight() * (side > 0 ? desirableWeight : undesirableWeight);
    double advantage = side * beta * (response.logRatio() - referencePoint);
    int group = side > 0 ? CHOSEN : REJECTED;
    statistics[LOSS] += scale * Statistics.sigmoid(-advantage);
    statistics[ACCURATE] += Statistics.accuracy(advantage);
    statistics[group + COUNT]++;
    statistics[group + REWARD] += beta * response.logRatio();
    statistics[group + LOGPROB] += response.logprob();
    return -scale * side * beta * Statistics.sigmoid(advantage) * Statistics.sigmoid(-advantage);
  }

  @Override
  public Map<String, Double> metrics(double[] statistics) {
    double responses = statistics[CHOSEN] + statistics[REJECTED];
    double chosen = Statistics.mean(statistics[CHOSEN + REWARD], statistics[CHOSEN]);
    double rejected = Statistics.mean(statistics[REJECTED + REWARD], statistics[REJECTED]);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metric.LOSS.key(), Statistics.mean(statistics[LOSS], statistics[WEIGHT]));
    metrics.put(Metric.ACCURACY.key(), Statistics.mean(statistics[ACCURATE], responses));
    metrics.put(Metric.REWARDS_CHOSEN.key(), chosen);
    metrics.put(Metric.REWARDS_REJECTED.key(), rejected);
    metrics.put(Metric.REWARDS_MARGIN.key(), chosen - rejected);
    metrics.put(
        Metric.LOGPROBS_CHOSEN.key(),
        Statistics.mean(statistics[CHOSEN + LOGPROB], statistics[CHOSEN]));
    metrics.put(
        Metric.LOGPROBS_REJECTED.key(),
        Statistics.mean(statistics[REJECTED + LOGPROB], statistics[REJECTED]));
    metrics.put(Metric.REFERENCE_POINT.key(), referencePoint(statistics));
    return metrics;
  }
}
