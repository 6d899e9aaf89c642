package org.rlhf4j.dl4j;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.rlhf4j.tensor.Floats;

/** Passes over whole parameter vectors; vectors beyond 2^28 elements are cut into parts. */
final class VectorMath {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Elements per part: byte offsets are int. */
  private static final long PART = 1L << 28;

  /** Elements summed in float before they are added in double. */
  private static final int BLOCK = 4096;

  private VectorMath() {}

  /** Sum of squares, accumulated in double over blocks. */
  static double sumOfSquares(Floats values) {
    double sum = 0;
    for (long offset = 0; offset < values.length(); offset += PART) {
      long count = Math.min(PART, values.length() - offset);
      sum += partSumOfSquares(values.slice(offset, count).bytes(), (int) count);
    }
    return sum;
  }

  private static double partSumOfSquares(ByteBuffer values, int count) {
    double sum = 0;
    for (int start = 0; start < count; start += BLOCK) {
      sum += blockSumOfSquares(values, start, Math.min(count, start + BLOCK));
    }
    return sum;
  }

  private static double blockSumOfSquares(ByteBuffer values, int start, int end) {
    FloatVector sums = FloatVector.zero(SPECIES);
    int i = start;
    for (; i + SPECIES.length() <= end; i += SPECIES.length()) {
      FloatVector v = load(values, i);
      sums = v.fma(v, sums);
    }
    double sum = sums.reduceLanes(VectorOperators.ADD);
    for (; i < end; i++) {
      float v = values.getFloat(i * Float.BYTES);
      sum += (double) v * v;
    }
    return sum;
  }

  /** {@code y += a x}. */
  static void addScaled(Floats x, double a, Floats y) {
    for (long offset = 0; offset < x.length(); offset += PART) {
      long count = Math.min(PART, x.length() - offset);
      addScaled(
          x.slice(offset, count).bytes(), (float) a, y.slice(offset, count).bytes(), (int) count);
    }
  }

  private static void addScaled(ByteBuffer x, float a, ByteBuffer y, int count) {
    int i = 0;
    for (; i + SPECIES.length() <= count; i += SPECIES.length()) {
      store(load(x, i).fma(FloatVector.broadcast(SPECIES, a), load(y, i)), y, i);
    }
    for (; i < count; i++) {
      int at = i * Float.BYTES;
      y.putFloat(at, Math.fma(x.getFloat(at), a, y.getFloat(at)));
    }
  }

  /**
   * Adam in one pass, in Deeplearning4j's (and TensorFlow's) form: {@code m = b1 m + (1 - b1) g},
   * {@code v = b2 v + (1 - b2) g^2}, {@code g = rate m / (sqrt(v) + epsilon)}, with the bias
   * corrections inside {@code rate}. Kingma and Ba 2015 (arXiv:1412.6980), the variant at the end
   * of section 2.
   */
  static void adam(
      Floats gradient,
      Floats first,
      Floats second,
      double beta1,
      double beta2,
      double rate,
      double epsilon) {
    for (long offset = 0; offset < gradient.length(); offset += PART) {
      long count = Math.min(PART, gradient.length() - offset);
      AdamPart part =
          new AdamPart(
              gradient.slice(offset, count).bytes(),
              first.slice(offset, count).bytes(),
              second.slice(offset, count).bytes(),
              beta1,
              beta2,
              (float) rate,
              (float) epsilon);
      part.update((int) count);
    }
  }

  private record AdamPart(
      ByteBuffer gradient,
      ByteBuffer first,
      ByteBuffer second,
      double beta1,
      double beta2,
      float rate,
      float epsilon) {

    void update(int count) {
      int i = 0;
      float keep1 = (float) beta1;
      float keep2 = (float) beta2;
      // In float, 1 - 0.999f would be wrong in the fifth digit.
      float share1 = (float) (1 - beta1);
      float share2 = (float) (1 - beta2);
      for (; i + SPECIES.length() <= count; i += SPECIES.length()) {
        FloatVector g = load(gradient, i);
        FloatVector m = load(first, i).mul(keep1).add(g.mul(share1));
        FloatVector v = load(second, i).mul(keep2).add(g.mul(g).mul(share2));
        store(m, first, i);
        store(v, second, i);
        store(m.mul(rate).div(v.lanewise(VectorOperators.SQRT).add(epsilon)), gradient, i);
      }
      for (; i < count; i++) {
        updateOne(i * Float.BYTES);
      }
    }

    private void updateOne(int at) {
      float g = gradient.getFloat(at);
      float m = (float) (first.getFloat(at) * beta1 + g * (1 - beta1));
      float v = (float) (second.getFloat(at) * beta2 + g * g * (1 - beta2));
      first.putFloat(at, m);
      second.putFloat(at, v);
      gradient.putFloat(at, m * rate / ((float) Math.sqrt(v) + epsilon));
    }
  }

  private static FloatVector load(ByteBuffer values, int index) {
    return FloatVector.fromByteBuffer(SPECIES, values, index * Float.BYTES, ORDER);
  }

  private static void store(FloatVector vector, ByteBuffer values, int index) {
    vector.intoByteBuffer(values, index * Float.BYTES, ORDER);
  }
}
