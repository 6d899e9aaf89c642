package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The normalised exponential over a range of values. */
final class Softmax {
  private Softmax() {}

  /**
   * values = exp(values - max) on a range of whole vectors; returns their sum. What stands at
   * -infinity becomes 2e-35 and does not count in the sum.
   */
  static float exponentials(float[] values, int from, int to, float max) {
    FloatVector sums = Lanes.zero();
    for (int c = from; c < to; c += Lanes.WIDTH) {
      FloatVector e = Lanes.exp(FloatVector.fromArray(Lanes.SPECIES, values, c).sub(max));
      e.intoArray(values, c);
      sums = sums.add(e);
    }
    return sums.reduceLanes(VectorOperators.ADD);
  }

  /** values *= factor on a range of whole vectors. */
  static void scale(float[] values, int from, int to, float factor) {
    for (int c = from; c < to; c += Lanes.WIDTH) {
      FloatVector.fromArray(Lanes.SPECIES, values, c).mul(factor).intoArray(values, c);
    }
  }

  /** The largest of a range of whole vectors. */
  static float max(float[] values, int from, int to) {
    FloatVector maxima = FloatVector.broadcast(Lanes.SPECIES, Float.NEGATIVE_INFINITY);
    for (int c = from; c < to; c += Lanes.WIDTH) {
      maxima = maxima.max(FloatVector.fromArray(Lanes.SPECIES, values, c));
    }
    return maxima.reduceLanes(VectorOperators.MAX);
  }

  static float max(ByteBuffer values, int start, int count) {
    int bound = Lanes.bound(count);
    FloatVector maxima = FloatVector.broadcast(Lanes.SPECIES, Float.NEGATIVE_INFINITY);
    int c = 0;
    for (; c < bound; c += Lanes.WIDTH) {
      maxima = maxima.max(Lanes.load(values, start + c));
    }
    float max = maxima.reduceLanes(VectorOperators.MAX);
    for (; c < count; c++) {
      max = Math.max(max, Lanes.get(values, start + c));
    }
    return max;
  }
}
