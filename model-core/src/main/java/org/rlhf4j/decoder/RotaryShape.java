package org.rlhf4j.decoder;

import java.io.Serializable;

/**
 * Angles of rotary positions, as {@code rope_parameters} of transformers gives them.
 *
 * @param base {@code rope_theta}
 * @param scaling how they are stretched
 */
public record RotaryShape(double base, RotaryScaling scaling) implements Serializable {
  /** Without scaling. */
  public static RotaryShape plain(double base) {
    return new RotaryShape(base, new RotaryScaling.Unscaled());
  }

  /** Radians per position of each pair of lanes, [D / 2]. */
  float[] frequencies(int headSize) {
    float[] frequencies = new float[headSize / 2];
    for (int pair = 0; pair < frequencies.length; pair++) {
      frequencies[pair] = (float) scaling.frequency(base, pair, headSize);
    }
    return frequencies;
  }
}
