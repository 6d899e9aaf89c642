package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The normalised exponential over a range of values. */
final class Softmax {
  private Softmax() {}

  /**
   * values = exp(values - max) on a range of whole vectors; returns their sum. What stands at
   * -infinity becomes 2e-35 and does not count in the sum.
   *
   * @param max of the range; the sum is not a number where this is none
   */
  static float exponentials(float[] values, int from, int to, float max) {
    FloatVector sums = Lanes.zero();
    FloatVector top = FloatVector.broadcast(Lanes.SPECIES, max);
    for (int c = from; c < to; c += Lanes.WIDTH) {
      FloatVector e = Lanes.expOfMinus(top.sub(FloatVector.fromArray(Lanes.SPECIES, values, c)));
      e.intoArray(values, c);
      sums = sums.add(e);
    }
    return Float.isNaN(max) ? max : sums.reduceLanes(VectorOperators.ADD);
  }

  /** values *= factor on a range of whole vectors. */
  static void scale(float[] values, int from, int to, float factor) {
    for (int c = from; c < to; c += Lanes.WIDTH) {
      FloatVector.fromArray(Lanes.SPECIES, values, c).mul(factor).intoArray(values, c);
    }
  }

  /** The largest of a range of whole vectors. */
  static float max(float[] values, int from, int to) {
    IntVector maxima = Lanes.order(FloatVector.broadcast(Lanes.SPECIES, Float.NEGATIVE_INFINITY));
    for (int c = from; c < to; c += Lanes.WIDTH) {
      maxima = maxima.max(Lanes.order(FloatVector.fromArray(Lanes.SPECIES, values, c)));
    }
    return Lanes.fromOrder(maxima.reduceLanes(VectorOperators.MAX));
  }

  static float max(ByteBuffer values, int start, int count) {
    int bound = Lanes.bound(count);
    IntVector maxima = Lanes.order(FloatVector.broadcast(Lanes.SPECIES, Float.NEGATIVE_INFINITY));
    int c = 0;
    for (; c < bound; c += Lanes.WIDTH) {
      maxima = maxima.max(Lanes.order(Lanes.load(values, start + c)));
    }
    float max = Lanes.fromOrder(maxima.reduceLanes(VectorOperators.MAX));
    for (; c < count; c++) {
      max = Math.max(max, Lanes.get(values, start + c));
    }
    return max;
  }
}
