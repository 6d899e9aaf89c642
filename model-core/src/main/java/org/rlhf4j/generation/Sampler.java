package org.rlhf4j.generation;

import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.decoder.CounterRandom;
import org.rlhf4j.tensor.Categorical;

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
   * @param memory of the vocabulary's size
   */
  Draw draw(float[] logits, int[] seen, int[] forbidden, Categorical memory, long seed, int place) {
    scale(logits);
    memory.set(logits);
    double logSum = memory.logSum();
    float[] unpenalised = penalise(logits, seen);
    for (int token : forbidden) {
      logits[token] = Float.NEGATIVE_INFINITY;
    }
    if (seen.length + forbidden.length > 0) {
      memory.set(logits);
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

  private int choose(float[] logits, Categorical distribution, double uniform) {
    if (greedy) {
      return likeliest(logits);
    }
    if (topK == 0 && topP >= 1.0 && minP == 0.0) {
      return distribution.draw(uniform);
    }
    return candidates(logits).choose(uniform);
  }

  Candidates candidates(float[] logits) {
    return new Candidates(logits, topK, topP, minP);
  }

  private void scale(float[] logits) {
    float scale = (float) (1 / temperature);
    for (int i = 0; i < logits.length; i++) {
      logits[i] *= scale;
    }
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
}
