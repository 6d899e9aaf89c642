package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Floats;

/**
 * A decoder's shape and weights; read only while shared between threads.
 *
 * @param weights one flat vector, laid out by {@link ParameterLayout}
 */
public record DecoderModel(DecoderConfig config, DecoderHead head, Floats weights) {
  /**
   * New weights as the family initialises them (GPT-2: normal 0.02, residual projections scaled by
   * 1/sqrt(2 layers)), from a seed.
   */
  public static DecoderModel random(DecoderConfig config, DecoderHead head, long seed) {
    throw new UnsupportedOperationException();
  }

  /**
   * The same body with a new head of the other kind (zero or small random scalar head), as a reward
   * model or critic starts.
   */
  public DecoderModel withHead(DecoderHead newHead, long seed) {
    throw new UnsupportedOperationException();
  }
}
