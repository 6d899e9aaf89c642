package org.rlhf4j.tensor;

/**
 * Log-probabilities of target tokens and entropies from logits [K, V] that arrive in column chunks,
 * and the gradient with respect to the logits. Not thread-safe.
 *
 * <p>With z = logit / temperature, m a running maximum, S = sum exp(z - m) and W = sum (z - m)
 * exp(z - m): log-probability = z_target - m - log S, entropy = log S - W / S. When m rises by d, S
 * becomes S exp(-d) and W becomes (W - d S) exp(-d).
 */
public interface CrossEntropy extends AutoCloseable {
  /** Forgets the last batch. */
  void start(int rows);

  /**
   * Takes in a chunk of columns of the logits.
   *
   * @param first the chunk's first column
   * @param scale 1 / temperature
   * @param targets target token of each row, [K]
   */
  void accumulate(Matrix logits, int first, float scale, int[] targets);

  /**
   * @param logprobs set to the log-probability of each row's target, nats, [K]
   * @param entropies set to the entropy of each row's distribution, nats, [K]; empty: not wanted
   */
  void read(float[] logprobs, float[] entropies);

  /**
   * Replaces all logits by gradient * d logprob / d logits = gradient * scale * (onehot(target) -
   * softmax).
   *
   * @param gradient d loss / d logprob of each row, [K]
   */
  void backward(Matrix logits, float scale, int[] targets, float[] gradient);

  @Override
  void close();
}
