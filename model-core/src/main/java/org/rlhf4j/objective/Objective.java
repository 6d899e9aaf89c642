package org.rlhf4j.objective;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.Serializable;
import java.util.Map;

/**
 * A loss over a decoder's outputs: log-probabilities of target tokens, or scalars. Knows no model.
 *
 * <p>The targets of a minibatch are described by {@link Targets}; whatever else a loss needs
 * (advantages, old log-probabilities, weights) travels in its channels.
 *
 * <p>Statistics are a commutative semigroup: those of two minibatches {@linkplain #merge merge}
 * into those of their union, whoever computed them, and {@link #metrics} turns them into figures at
 * the very end. The first is always the weight that the loss was divided by and the second the loss
 * before that division, so that losses and parameters of unequal workers average exactly.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
public interface Objective extends Serializable {
  /** Index of the statistic that holds what the loss was divided by. */
  int WEIGHT = 0;

  /** Index of the statistic that holds the loss before the division. */
  int LOSS = 1;

  /** Channel with the log-probability of each target under the frozen reference policy, nats. */
  String REFERENCE_CHANNEL = "ref_logprob";

  /**
   * Names of the per-target label channels, in order; e.g. {@code weight}, or {@code old_logprob,
   * advantage}.
   */
  String[] channels();

  /** Names of the sums {@link #evaluate} adds up beside the loss, in order. */
  String[] statistics();

  /**
   * Loss of one minibatch and its derivative.
   *
   * @param outputs log-probability or scalar of each target, [K]
   * @param entropies entropy of the distribution each target was drawn from, nats, [K]; empty for
   *     scalar heads and where {@link #needsEntropies()} is false
   * @param targets where each target stands and its label channels
   * @param gradient set to d loss / d outputs, [K]
   * @param statistics set to the sums named by {@link #statistics()}
   * @return the loss, already normalised (a mean, not a sum)
   */
  double evaluate(
      float[] outputs, float[] entropies, Targets targets, float[] gradient, double[] statistics);

  /**
   * Figures of the minibatches whose statistics were merged, by metric name; {@code loss} is always
   * one of them.
   */
  Map<String, Double> metrics(double[] statistics);

  /** Whether {@link #evaluate} reads the entropies. */
  default boolean needsEntropies() {
    return false;
  }

  /** Adds the statistics {@code other} to {@code into}. */
  default void merge(double[] into, double[] other) {
    for (int i = 0; i < into.length; i++) {
      into[i] += other[i];
    }
  }
}
