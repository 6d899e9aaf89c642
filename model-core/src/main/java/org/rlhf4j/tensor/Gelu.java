package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * GELU in its tanh form (Hendrycks and Gimpel 2016, section 2; {@code gelu_new}): with u = sqrt(2 /
 * pi) (x + 0.044715 x^3), 0.5 x (1 + tanh u) = x sigmoid(2 u).
 */
final class Gelu {
  private static final float TWICE_SQRT = 2f * 0.7978845608028654f; // 2 sqrt(2 / pi)
  private static final float CUBE = 0.044715f;

  private static final FloatVector MINUS_TWICE_SQRT = Lanes.all(-TWICE_SQRT);
  private static final FloatVector MINUS_FOUR_SQRT = Lanes.all(-2f * TWICE_SQRT);
  private static final FloatVector MINUS_CUBE_TERM = Lanes.all(-CUBE * TWICE_SQRT);
  private static final FloatVector MINUS_THREE = Lanes.all(-3f);

  private Gelu() {}

  /** y = gelu(x), rows [from, to). */
  static void forward(Matrix x, Matrix y, int from, int to) {
    ByteBuffer in = x.values().bytes();
    ByteBuffer out = y.values().bytes();
    int bound = Lanes.bound(x.columns());
    for (int row = from; row < to; row++) {
      int source = x.start(row);
      int target = y.start(row);
      int c = 0;
      for (; c < bound; c += Lanes.WIDTH) {
        FloatVector v = Lanes.load(in, source + c);
        Lanes.store(v.mul(Lanes.sigmoidOfMinus(minusTwiceU(v))), out, target + c);
      }
      for (; c < x.columns(); c++) {
        float v = Lanes.get(in, source + c);
        Lanes.put(out, target + c, (float) (v * sigmoid(v)));
      }
    }
  }

  /** dy *= gelu'(x), rows [from, to). */
  static void backward(Matrix x, Matrix dy, int from, int to) {
    ByteBuffer in = x.values().bytes();
    ByteBuffer out = dy.values().bytes();
    int bound = Lanes.bound(x.columns());
    for (int row = from; row < to; row++) {
      int source = x.start(row);
      int target = dy.start(row);
      int c = 0;
      for (; c < bound; c += Lanes.WIDTH) {
        FloatVector v = Lanes.load(in, source + c);
        FloatVector w = minusTwiceU(v);
        FloatVector s = Lanes.sigmoidOfMinus(w);
        FloatVector xSlope = v.fma(MINUS_FOUR_SQRT, w.mul(MINUS_THREE));
        FloatVector slope = s.sub(s.mul(s)).fma(xSlope, s);
        Lanes.store(Lanes.load(out, target + c).mul(slope), out, target + c);
      }
      for (; c < x.columns(); c++) {
        float v = Lanes.get(in, source + c);
        double s = sigmoid(v);
        double slope = TWICE_SQRT * (1 + 3 * CUBE * v * v);
        Lanes.put(
            out, target + c, (float) (Lanes.get(out, target + c) * (s + v * s * (1 - s) * slope)));
      }
    }
  }

  private static FloatVector minusTwiceU(FloatVector x) {
    return x.mul(x).fma(MINUS_CUBE_TERM, MINUS_TWICE_SQRT).mul(x);
  }

  private static double sigmoid(float x) {
    return 1 / (1 + Math.exp(-TWICE_SQRT * (x + CUBE * x * x * x)));
  }
}
