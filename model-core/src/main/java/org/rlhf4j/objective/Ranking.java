package org.rlhf4j.objective;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.rlhf4j.metrics.Metric;

/**
 * Reward model on rankings, mean over rankings by weight. An example is the responses to one
 * prompt, each with one target, its last token; the channel {@code rank} is higher for better
 * responses and equal for tied ones, {@code weight} is that of the ranking.
 *
 * <p>A tied response takes no part in the comparison with its equals, so that every loss reads the
 * comparisons that were made and no others. With two responses all of them are Bradley-Terry.
 *
 * @param kind the loss of a ranking
 */
public record Ranking(Kind kind) implements Objective {
  private static final int PAIRS = 2;
  private static final int ACCURATE = 3;
  private static final int MARGIN = 4;

  /** Loss of a ranking. */
  public enum Kind {
    /**
     * Mean over the pairs of {@code -log sigmoid(r_better - r_worse)}: all pairs of a ranking in
     * one step, 1/C(K,2) each; Ouyang et al. 2022 (arXiv:2203.02155), eq. 1.
     */
    PAIRS,
    /**
     * Plackett-Luce: sum over responses of {@code -log(exp(r) / (exp(r) + sum of exp(r_worse)))};
     * Plackett 1975, "The analysis of permutations", Appl. Statist. 24.
     */
    PLACKETT_LUCE,
    /**
     * The best against all others: {@code -log softmax(r)[best]}; Ziegler et al. 2019
     * (arXiv:1909.08593), eq. 1.
     */
    BEST_OF_K
  }

  @Override
  public String[] channels() {
    return new String[] {"weight", "rank"};
  }

  @Override
  public String[] statistics() {
    return new String[] {"weight", "loss", "pairs", "accurate", "margin"};
  }

  @Override
  public double evaluate(
      float[] outputs, float[] entropies, Targets targets, float[] gradient, double[] statistics) {
    float[] weights = targets.channels()[0];
    float[] ranks = targets.channels()[1];
    Arrays.fill(statistics, 0);
    Arrays.fill(gradient, 0);
    for (int from = 0; from < targets.count(); from = end(targets, from)) {
      statistics[WEIGHT] += weights[from];
    }
    for (int from = 0; from < targets.count(); from = end(targets, from)) {
      int to = end(targets, from);
      double share = Statistics.mean(weights[from], statistics[WEIGHT]);
      double loss = loss(new Group(outputs, ranks, from, to), share, gradient);
      statistics[LOSS] += weights[from] * loss;
      addPairs(new Group(outputs, ranks, from, to), statistics);
    }
    return Statistics.mean(statistics[LOSS], statistics[WEIGHT]);
  }

  /** End of the example that a target belongs to. */
  private static int end(Targets targets, int from) {
    int example = targets.examples()[targets.sequences()[from]];
    int to = from + 1;
    while (to < targets.count() && targets.examples()[targets.sequences()[to]] == example) {
      if (targets.sequences()[to] == targets.sequences()[to - 1]) {
        throw new IllegalArgumentException(
            "A ranking needs sequences of one target each, but target " + to + " is a second one");
      }
      to++;
    }
    return to;
  }

  /** Scores and ranks of the responses {@code from} to {@code to}. */
  private record Group(float[] scores, float[] ranks, int from, int to) {
    boolean better(int i, int j) {
      return ranks[i] > ranks[j];
    }

    boolean isBest(int i) {
      for (int j = from; j < to; j++) {
        if (better(j, i)) {
          return false;
        }
      }
      return true;
    }

    /**
     * {@code -log(exp(r_i) / (exp(r_i) + sum over worse j of exp(r_j)))}, its derivatives times
     * {@code scale} added to the gradient.
     */
    double choice(int i, double scale, float[] gradient) {
      double largest = scores[i];
      for (int j = from; j < to; j++) {
        largest = better(i, j) ? Math.max(largest, scores[j]) : largest;
      }
      double sum = Math.exp(scores[i] - largest);
      for (int j = from; j < to; j++) {
        sum += better(i, j) ? Math.exp(scores[j] - largest) : 0;
      }
      for (int j = from; j < to; j++) {
        if (better(i, j)) {
          gradient[j] += (float) (scale * Math.exp(scores[j] - largest) / sum);
        }
      }
      gradient[i] += (float) (scale * (Math.exp(scores[i] - largest) / sum - 1));
      return Math.log(sum) + largest - scores[i];
    }
  }

  private double loss(Group group, double scale, float[] gradient) {
    return switch (kind) {
      case PAIRS -> pairs(group, scale, gradient);
      case PLACKETT_LUCE -> plackettLuce(group, scale, gradient);
      case BEST_OF_K -> bestOfK(group, scale, gradient);
    };
  }

  private static double plackettLuce(Group group, double scale, float[] gradient) {
    double loss = 0;
    for (int i = group.from(); i < group.to(); i++) {
      loss += group.choice(i, scale, gradient);
    }
    return loss;
  }

  /** Of several best responses each against those that are not, on average. */
  private static double bestOfK(Group group, double scale, float[] gradient) {
    int best = 0;
    for (int i = group.from(); i < group.to(); i++) {
      best += group.isBest(i) ? 1 : 0;
    }
    double loss = 0;
    for (int i = group.from(); i < group.to(); i++) {
      loss += group.isBest(i) ? group.choice(i, scale / best, gradient) / best : 0;
    }
    return loss;
  }

  private static double pairs(Group group, double scale, float[] gradient) {
    double loss = 0;
    int count = count(group);
    for (int i = group.from(); i < group.to(); i++) {
      for (int j = group.from(); j < group.to(); j++) {
        if (group.better(i, j)) {
          double difference = (double) group.scores()[i] - group.scores()[j];
          double pull = scale / count * Statistics.sigmoid(-difference);
          gradient[i] -= (float) pull;
          gradient[j] += (float) pull;
          loss += Statistics.softplus(-difference) / count;
        }
      }
    }
    return loss;
  }

  private static int count(Group group) {
    int count = 0;
    for (int i = group.from(); i < group.to(); i++) {
      for (int j = group.from(); j < group.to(); j++) {
        count += group.better(i, j) ? 1 : 0;
      }
    }
    return count;
  }

  private static void addPairs(Group group, double[] statistics) {
    for (int i = group.from(); i < group.to(); i++) {
      for (int j = group.from(); j < group.to(); j++) {
        if (group.better(i, j)) {
          double difference = (double) group.scores()[i] - group.scores()[j];
          statistics[PAIRS]++;
          statistics[ACCURATE] += Statistics.accuracy(difference);
          statistics[MARGIN] += difference;
        }
      }
    }
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
