package org.rlhf4j.decoder;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.Serializable;

/**
 * How the angles of rotary positions are stretched for contexts longer than those of the
 * pre-training; the names are the {@code rope_type}s of transformers.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
public sealed interface RotaryScaling extends Serializable {
  /**
   * Radians per position of one pair of lanes.
   *
   * @param pair from 0 to D / 2 - 1
   * @param headSize D
   */
  default double frequency(double base, int pair, int headSize) {
    return Math.pow(base, -2.0 * pair / headSize);
  }

  /** Factor of the rotated queries and keys. */
  default double amplitude() {
    return 1.0;
  }

  /** {@code default}: angles as Su et al. 2021 (arXiv:2104.09864), section 3.2.2, have them. */
  record Unscaled() implements RotaryScaling {}

  /** {@code linear}: positions are compressed by a factor (Chen et al. 2023, arXiv:2306.15595). */
  record Linear(double factor) implements RotaryScaling {
    @Override
    public double frequency(double base, int pair, int headSize) {
      return RotaryScaling.super.frequency(base, pair, headSize) / factor;
    }
  }

  /**
   * {@code dynamic}: the base grows with sequences longer than the model's context. A decoder reads
   * none that are longer, so that the angles are the usual ones.
   */
  record Dynamic(double factor) implements RotaryScaling {}

  /**
   * {@code llama3}: long waves are stretched, short ones stay, those between are mixed (Llama 3.1).
   *
   * @param originalContextLength of the pre-training, tokens
   */
  record Llama3(
      double factor,
      double lowFrequencyFactor,
      double highFrequencyFactor,
      int originalContextLength)
      implements RotaryScaling {
    @Override
    public double frequency(double base, int pair, int headSize) {
      double frequency = RotaryScaling.super.frequency(base, pair, headSize);
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

  /**
   * {@code yarn}: a ramp over the pairs of lanes from short waves, which stay, to long ones, which
   * are stretched; queries and keys grow a little (Peng et al. 2023, arXiv:2309.00071, section 3).
   *
   * @param originalContextLength of the pre-training, tokens
   * @param betaFast waves in the old context from which on a pair stays as it is
   * @param betaSlow waves in the old context below which a pair is stretched
   * @param amplitude {@code attention_factor}
   * @param truncate whether the ramp begins and ends at whole pairs
   */
  record Yarn(
      double factor,
      int originalContextLength,
      double betaFast,
      double betaSlow,
      double amplitude,
      boolean truncate)
      implements RotaryScaling {
    private static final double SMALLEST_RAMP = 1e-3;

    @Override
    public double frequency(double base, int pair, int headSize) {
      double frequency = RotaryScaling.super.frequency(base, pair, headSize);
      double low = pairWith(betaFast, base, headSize);
      double high = pairWith(betaSlow, base, headSize);
      low = Math.max(truncate ? Math.floor(low) : low, 0);
      high = Math.min(truncate ? Math.ceil(high) : high, headSize - 1);
      double length = high == low ? SMALLEST_RAMP : high - low;
      double stretched = Math.min(Math.max((pair - low) / length, 0), 1);
      return stretched * frequency / factor + (1 - stretched) * frequency;
    }

    /** The pair of lanes, as a fraction, that makes so many waves in the old context. */
    private double pairWith(double waves, double base, int headSize) {
      double radians = originalContextLength / (waves * 2 * Math.PI);
      return headSize * Math.log(radians) / (2 * Math.log(base));
    }
  }
}
