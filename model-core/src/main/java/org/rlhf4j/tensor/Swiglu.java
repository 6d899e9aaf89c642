package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** SwiGLU (Shazeer 2020, eq. 6): y = gate sigmoid(gate) up, gate and up side by side in one row. */
final class Swiglu {
  private Swiglu() {}

  /** y [N, I] from hidden [N, 2 I], rows [from, to). */
  static void forward(Matrix hidden, Matrix y, int from, int to) {
    ByteBuffer in = hidden.values().bytes();
    ByteBuffer out = y.values().bytes();
    int width = y.columns();
    int bound = Lanes.bound(width);
    for (int row = from; row < to; row++) {
      int gate = hidden.start(row);
      int up = gate + width;
      int target = y.start(row);
      int c = 0;
      for (; c < bound; c += Lanes.WIDTH) {
        FloatVector g = Lanes.load(in, gate + c);
        FloatVector silu = g.mul(Lanes.sigmoidOfMinus(g.neg()));
        Lanes.store(silu.mul(Lanes.load(in, up + c)), out, target + c);
      }
      for (; c < width; c++) {
        float g = Lanes.get(in, gate + c);
        Lanes.put(out, target + c, (float) (g * sigmoid(g) * Lanes.get(in, up + c)));
      }
    }
  }

  /** dHidden [N, 2 I], set, from dy [N, I], rows [from, to); dHidden must not be hidden. */
  static void backward(Matrix hidden, Matrix dy, Matrix dHidden, int from, int to) {
    ByteBuffer in = hidden.values().bytes();
    ByteBuffer d = dy.values().bytes();
    ByteBuffer out = dHidden.values().bytes();
    int width = dy.columns();
    int bound = Lanes.bound(width);
    for (int row = from; row < to; row++) {
      int gate = hidden.start(row);
      int up = gate + width;
      int source = dy.start(row);
      int target = dHidden.start(row);
      int c = 0;
      // Two loops, since one is more than the compiler keeps in registers: see Lanes.boundedExp.
      for (; c < bound; c += Lanes.WIDTH) {
        FloatVector minusG = Lanes.load(in, gate + c).neg();
        Lanes.store(Lanes.sigmoidOfMinus(minusG), out, target + c);
      }
      for (c = 0; c < bound; c += Lanes.WIDTH) {
        FloatVector s = Lanes.load(out, target + c);
        FloatVector silu = Lanes.load(in, gate + c).mul(s);
        FloatVector slope = s.add(silu.sub(silu.mul(s)));
        FloatVector dv = Lanes.load(d, source + c);
        Lanes.store(dv.mul(Lanes.load(in, up + c)).mul(slope), out, target + c);
        Lanes.store(dv.mul(silu), out, target + width + c);
      }
      for (; c < width; c++) {
        double g = Lanes.get(in, gate + c);
        double s = sigmoid(g);
        double slope = s + g * s * (1 - s);
        float dv = Lanes.get(d, source + c);
        Lanes.put(out, target + c, (float) (dv * Lanes.get(in, up + c) * slope));
        Lanes.put(out, target + width + c, (float) (dv * g * s));
      }
    }
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
