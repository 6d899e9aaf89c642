package org.rlhf4j.generation;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The tokens that top-k, top-p and min-p leave, likeliest first (equal ones in vocabulary order).
 */
final class Candidates {
  private final int[] tokens;
  private final double[] weights; // not normalised
  private final int count;

  Candidates(float[] logits, int topK, double topP, double minP) {
    float threshold = topK > 0 && topK < logits.length ? largest(logits, topK) : -Float.MAX_VALUE;
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double shift = max;
    double sum = 0;
    for (float logit : logits) {
      sum += logit >= threshold ? Math.exp(logit - shift) : 0;
    }
    // Tokens below (1 - p) / V of the mass sum to less than 1 - p: the smallest set needs none.
    double negligible = topP < 1 ? (1 - topP) * sum / logits.length : 0;
    this.tokens =
        IntStream.range(0, logits.length)
            .filter(i -> logits[i] >= threshold && Math.exp(logits[i] - shift) >= negligible)
            .boxed()
            .sorted((a, b) -> Float.compare(logits[b], logits[a]))
            .mapToInt(i -> i)
            .toArray();
    this.weights = Arrays.stream(tokens).mapToDouble(i -> Math.exp(logits[i] - shift)).toArray();
    this.count = Math.min(nucleus(weights, topP * sum), likely(weights, minP));
  }

  /** Leading weights of at least this share of the first. */
  private static int likely(double[] weights, double share) {
    int count = 1;
    while (count < weights.length && weights[count] >= share * weights[0]) {
      count++;
    }
    return count;
  }

  private static int nucleus(double[] weights, double mass) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i];
      if (sum >= mass) {
        return i + 1;
      }
    }
    return weights.length;
  }

  /** The k-th largest value. */
  private static float largest(float[] logits, int k) {
    float[] heap = new float[k]; // smallest on top
    Arrays.fill(heap, Float.NEGATIVE_INFINITY);
    for (float logit : logits) {
      if (logit > heap[0]) {
        sink(heap, logit);
      }
    }
    return heap[0];
  }

  private static void sink(float[] heap, float value) {
    int hole = 0;
    while (true) {
      int child = 2 * hole + 1;
      if (child + 1 < heap.length && heap[child + 1] < heap[child]) {
        child++;
      }
      if (child >= heap.length || heap[child] >= value) {
        heap[hole] = value;
        return;
      }
      heap[hole] = heap[child];
      hole = child;
    }
  }

  int choose(double uniform) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += weights[i];
    }
    double rest = uniform * sum;
    for (int i = 0; i < count; i++) {
      rest -= weights[i];
      if (rest < 0) {
        return tokens[i];
      }
    }
    return tokens[count - 1];
  }

  /** Probability of each token of the vocabulary, [V]. */
  double[] probabilities(int vocabularySize) {
    double sum = Arrays.stream(weights, 0, count).sum();
    double[] probabilities = new double[vocabularySize];
    for (int i = 0; i < count; i++) {
      probabilities[tokens[i]] = weights[i] / sum;
    }
    return probabilities;
  }
}
