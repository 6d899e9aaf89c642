package org.rlhf4j.objective;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rlhf4j.metrics.Metric;

/**
 * A loss of a policy on pairs of responses, mean over pairs by weight. An example is two sequences,
 * chosen first, with all response tokens as targets; the channel of weights is constant over a
 * pair.
 */
interface PairObjective extends Objective {
  int PAIRS = 2;
  int ACCURATE = 3;
  int CHOSEN_REWARD = 4;
  int REJECTED_REWARD = 5;
  int CHOSEN_LOGPROB = 6;
  int REJECTED_LOGPROB = 7;

  /** Loss of one pair. */
  PairLoss pair(ResponseSum chosen, ResponseSum rejected);

  /** Whether the last channel holds the reference policy's log-probabilities. */
  boolean usesReference();

  @Override
  default String[] channels() {
    return usesReference() ? new String[] {"weight", REFERENCE_CHANNEL} : new String[] {"weight"};
  }

  @Override
  default String[] statistics() {
    return new String[] {
      "weight", "loss", "pairs", "accurate", "chosen", "rejected", "chosen_logp", "rejected_logp"
    };
  }

  @Override
  default double evaluate(
      float[] outputs, float[] entropies, Targets targets, float[] gradient, double[] statistics) {
    ResponseSum[] responses =
        usesReference()
            ? ResponseSum.withReference(outputs, targets)
            : ResponseSum.withoutReference(outputs, targets);
    requirePairs(targets);
    Arrays.fill(statistics, 0);
    for (int chosen = 0; chosen < responses.length; chosen += 2) {
      statistics[WEIGHT] += responses[chosen].weight();
    }
    for (int i = 0; i < responses.length; i += 2) {
      ResponseSum chosen = responses[i];
      ResponseSum rejected = responses[i + 1];
      PairLoss pair = pair(chosen, rejected);
      double share = Statistics.mean(chosen.weight(), statistics[WEIGHT]);
      chosen.setGradient(share * pair.chosenSlope(), gradient);
      rejected.setGradient(share * pair.rejectedSlope(), gradient);
      statistics[LOSS] += chosen.weight() * pair.loss();
      statistics[PAIRS]++;
      statistics[ACCURATE] += Statistics.accuracy(pair.chosenReward() - pair.rejectedReward());
      statistics[CHOSEN_REWARD] += pair.chosenReward();
      statistics[REJECTED_REWARD] += pair.rejectedReward();
      statistics[CHOSEN_LOGPROB] += chosen.logprob();
      statistics[REJECTED_LOGPROB] += rejected.logprob();
    }
    return Statistics.mean(statistics[LOSS], statistics[WEIGHT]);
  }

  private static void requirePairs(Targets targets) {
    int[] examples = targets.examples();
    for (int chosen = 0; chosen < examples.length; chosen += 2) {
      if (chosen + 1 == examples.length || examples[chosen] != examples[chosen + 1]) {
        throw new IllegalArgumentException(
            "A preference loss needs examples of two sequences, but sequence "
                + chosen
                + " has no partner");
      }
    }
  }

  @Override
  default Map<String, Double> metrics(double[] statistics) {
    double pairs = statistics[PAIRS];
    double chosen = Statistics.mean(statistics[CHOSEN_REWARD], pairs);
    double rejected = Statistics.mean(statistics[REJECTED_REWARD], pairs);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(Metric.LOSS.key(), Statistics.mean(statistics[LOSS], statistics[WEIGHT]));
    metrics.put(Metric.ACCURACY.key(), Statistics.mean(statistics[ACCURATE], pairs));
    metrics.put(Metric.REWARDS_CHOSEN.key(), chosen);
    metrics.put(Metric.REWARDS_REJECTED.key(), rejected);
    metrics.put(Metric.REWARDS_MARGIN.key(), chosen - rejected);
    metrics.put(Metric.LOGPROBS_CHOSEN.key(), Statistics.mean(statistics[CHOSEN_LOGPROB], pairs));
    metrics.put(
        Metric.LOGPROBS_REJECTED.key(), Statistics.mean(statistics[REJECTED_LOGPROB], pairs));
    return metrics;
  }
}
