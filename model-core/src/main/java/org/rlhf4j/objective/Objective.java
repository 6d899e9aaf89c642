package org.rlhf4j.objective;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.Serializable;

/**
 * A loss over a decoder's outputs: log-probabilities of target tokens, or scalars. Knows no model.
 *
 * <p>The targets of a minibatch are described by {@link Targets}; whatever else a loss needs
 * (advantages, old log-probabilities, weights) travels in its channels.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
public interface Objective extends Serializable {
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
   *     scalar heads
   * @param targets where each target stands and its label channels
   * @param gradient set to d loss / d outputs, [K]
   * @param statistics set to the sums named by {@link #statistics()}
   * @return the loss, already normalised (a mean, not a sum)
   */
  double evaluate(
      float[] outputs, float[] entropies, Targets targets, float[] gradient, double[] statistics);
}
