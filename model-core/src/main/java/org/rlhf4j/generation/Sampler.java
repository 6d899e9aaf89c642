package org.rlhf4j.generation;

import java.util.Arrays;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.decoder.CounterRandom;

/**
 * Draws a token from a row of logits. Thread-safe apart from the memory that callers bring.
 *
 * <p>The distribution is cut as transformers cuts it: first the k likeliest tokens, then, among
 * them, the smallest set whose probability reaches p (Holtzman et al. 2020, section 3.1), then
 * those at least min-p times as probable as the likeliest (Nguyen et al. 2024, section 3). Before
 * that, logits of tokens that are there already are penalised (Keskar et al. 2019, section 4.1).
 */
final class Sampler {
  private final double temperature;
  private final int topK;
  private final double topP;
  private final double minP;
  private final double repetitionPenalty;
  private final boolean greedy;

  Sampler(GenerationConfig config) {
    this.temperature = config.temperature();
    this.topK = config.topK();
    this.topP = config.topP();
    this.minP = config.minP();
    this.repetitionPenalty = config.repetitionPenalty();
    this.greedy = config.greedy();
  }

  /** Whether {@link #draw} needs the tokens that are there already. */
  boolean penalises() {
    return repetitionPenalty != 1.0;
  }

  /**
   * Draws a token.
   *
   * @param logits [V]; left divided by the temperature, those of {@code seen} penalised and those
   *     of {@code forbidden} at -infinity
   * @param seen distinct tokens of prompt and response where {@link #penalises}, else empty; the
   *     log-probability is the unpenalised one
   * @param forbidden tokens that may not be drawn; the log-probability still counts them
   * @param memory as long as the vocabulary
   */
  Draw draw(float[] logits, int[] seen, int[] forbidden, double[] memory, long seed, int place) {
    double max = scaleAndFindMax(logits);
    double logSum = Math.log(sumExponentials(logits, max)) + max;
    float[] unpenalised = penalise(logits, seen);
    for (int token : forbidden) {
      logits[token] = Float.NEGATIVE_INFINITY;
    }
    int token = choose(logits, memory, CounterRandom.uniform(seed, place));
    float logit = logits[token];
    for (int i = 0; i < seen.length; i++) {
      logit = seen[i] == token ? unpenalised[i] : logit;
    }
    return new Draw(token, (float) (logit - logSum));
  }

  /** Penalises in place and returns what stood there. The temperature commutes with the penalty. */
  private float[] penalise(float[] logits, int[] seen) {
    float[] before = new float[seen.length];
    float penalty = (float) repetitionPenalty;
    for (int i = 0; i < seen.length; i++) {
      before[i] = logits[seen[i]];
      logits[seen[i]] = before[i] < 0 ? before[i] * penalty : before[i] / penalty;
    }
    return before;
  }

  /** A token and its log-probability at the sampling temperature, from the full softmax. */
  record Draw(int token, float logprob) {}

  private int choose(float[] logits, double[] memory, double uniform) {
    if (greedy) {
      return likeliest(logits);
    }
    if (topK == 0 && topP >= 1.0 && minP == 0.0) {
      return invert(logits, memory, uniform);
    }
    return candidates(logits).choose(uniform);
  }

  Candidates candidates(float[] logits) {
    return new Candidates(logits, topK, topP, minP);
  }

  private double scaleAndFindMax(float[] logits) {
    float scale = (float) (1 / temperature);
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < logits.length; i++) {
      logits[i] *= scale;
      max = Math.max(max, logits[i]);
    }
    return max;
  }

  private static double sumExponentials(float[] logits, double max) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    return sum;
  }

  private static int likeliest(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  /** The token at which the cumulated probability passes {@code uniform}, in vocabulary order. */
  private static int invert(float[] logits, double[] cumulated, double uniform) {
    double max = logits[likeliest(logits)];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      sum += Math.exp(logits[i] - max);
      cumulated[i] = sum;
    }
    int place = Arrays.binarySearch(cumulated, 0, logits.length, uniform * sum);
    int token = place >= 0 ? place + 1 : -place - 1; // first whose sum is larger
    while (token > 0 && (token >= logits.length || logits[token] == Float.NEGATIVE_INFINITY)) {
      token--;
    }
    return token;
  }
}
