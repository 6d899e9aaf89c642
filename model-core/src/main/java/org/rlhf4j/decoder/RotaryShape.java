package org.rlhf4j.decoder;

import java.io.Serializable;

/**
 * Angles of rotary positions, as {@code rope_parameters} of transformers gives them.
 *
 * @param base {@code rope_theta}
 * @param scaling default (none), linear or llama3
 * @param factor by which positions are compressed
 * @param lowFrequencyFactor llama3 only
 * @param highFrequencyFactor llama3 only
 * @param originalContextLength llama3 only, tokens
 */
public record RotaryShape(
    double base,
    String scaling,
    double factor,
    double lowFrequencyFactor,
    double highFrequencyFactor,
    int originalContextLength)
    implements Serializable {
  public RotaryShape {
    if (!scaling.equals("default") && !scaling.equals("linear") && !scaling.equals("llama3")) {
      throw new IllegalArgumentException(
          "Rotary scaling must be default, linear or llama3, but is " + scaling);
    }
  }

  /** Without scaling. */
  public static RotaryShape plain(double base) {
    return new RotaryShape(base, "default", 1, 1, 1, 0);
  }

  /** Radians per position of each pair of lanes, [D / 2]. */
  float[] frequencies(int headSize) {
    float[] frequencies = new float[headSize / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (float) scaled(Math.pow(base, -2.0 * i / headSize));
    }
    return frequencies;
  }

  private double scaled(double frequency) {
    return switch (scaling) {
      case "linear" -> frequency / factor;
      case "llama3" -> llama3(frequency);
      default -> frequency;
    };
  }

  /** Long waves are stretched, short ones stay, those between are mixed (Llama 3.1). */
  private double llama3(double frequency) {
    double waves = originalContextLength * frequency / (2 * Math.PI); // in the old context
    if (waves < lowFrequencyFactor) {
      return frequency / factor;
    }
    if (waves > highFrequencyFactor) {
      return frequency;
    }
    double smooth = (waves - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
    return (1 - smooth) * frequency / factor + smooth * frequency;
  }
}
