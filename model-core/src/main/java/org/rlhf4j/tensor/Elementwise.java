package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Row-wise additions: biases, residuals, column sums, gathered and scattered rows. */
final class Elementwise {
  private Elementwise() {}

  /** Each row of y = row of x + bias; x may be y. */
  static void addRow(Matrix x, Floats bias, Matrix y, int from, int to) {
    ByteBuffer in = x.values().bytes();
    ByteBuffer add = bias.bytes();
    ByteBuffer out = y.values().bytes();
    int bound = Lanes.bound(x.columns());
    for (int row = from; row < to; row++) {
      int source = x.start(row);
      int target = y.start(row);
      int c = 0;
      for (; c < bound; c += Lanes.WIDTH) {
        Lanes.store(Lanes.load(in, source + c).add(Lanes.load(add, c)), out, target + c);
      }
      for (; c < x.columns(); c++) {
        Lanes.put(out, target + c, Lanes.get(in, source + c) + Lanes.get(add, c));
      }
    }
  }

  /** y += x. */
  static void add(Matrix x, Matrix y, int from, int to) {
    ByteBuffer in = x.values().bytes();
    ByteBuffer out = y.values().bytes();
    for (int row = from; row < to; row++) {
      addRange(in, x.start(row), out, y.start(row), x.columns());
    }
  }

  /** out[target + i] += in[source + i]. */
  static void addRange(ByteBuffer in, int source, ByteBuffer out, int target, int count) {
    int bound = Lanes.bound(count);
    int c = 0;
    for (; c < bound; c += Lanes.WIDTH) {
      FloatVector sum = Lanes.load(out, target + c).add(Lanes.load(in, source + c));
      Lanes.store(sum, out, target + c);
    }
    for (; c < count; c++) {
      Lanes.put(out, target + c, Lanes.get(out, target + c) + Lanes.get(in, source + c));
    }
  }

  /** out[target + i] = in[source + i]. */
  static void copyRange(ByteBuffer in, int source, ByteBuffer out, int target, int count) {
    int bound = Lanes.bound(count);
    int c = 0;
    for (; c < bound; c += Lanes.WIDTH) {
      Lanes.store(Lanes.load(in, source + c), out, target + c);
    }
    for (; c < count; c++) {
      Lanes.put(out, target + c, Lanes.get(in, source + c));
    }
  }

  /** out[target + i] = value. */
  static void fillRange(ByteBuffer out, int target, int count, float value) {
    int bound = Lanes.bound(count);
    FloatVector vector = FloatVector.broadcast(Lanes.SPECIES, value);
    int c = 0;
    for (; c < bound; c += Lanes.WIDTH) {
      Lanes.store(vector, out, target + c);
    }
    for (; c < count; c++) {
      Lanes.put(out, target + c, value);
    }
  }

  /** Adds the rows [from, to) of x to {@code sums}, which begin at {@code start}. */
  static void addRows(Matrix x, int from, int to, float[] sums, int start) {
    ByteBuffer in = x.values().bytes();
    int row = from;
    for (; row + 4 <= to; row += 4) {
      addFour(in, x.start(row), x.stride(), x.columns(), sums, start);
    }
    for (; row < to; row++) {
      for (int c = 0; c < x.columns(); c++) {
        sums[start + c] += Lanes.get(in, x.start(row) + c);
      }
    }
  }

  private static void addFour(
      ByteBuffer in, int source, int stride, int count, float[] sums, int start) {
    int bound = Lanes.bound(count);
    int c = 0;
    for (; c < bound; c += Lanes.WIDTH) {
      FloatVector left = Lanes.load(in, source + c).add(Lanes.load(in, source + stride + c));
      FloatVector right =
          Lanes.load(in, source + 2 * stride + c).add(Lanes.load(in, source + 3 * stride + c));
      FloatVector sum = FloatVector.fromArray(Lanes.SPECIES, sums, start + c);
      sum.add(left.add(right)).intoArray(sums, start + c);
    }
    for (; c < count; c++) {
      for (int i = 0; i < 4; i++) {
        sums[start + c] += Lanes.get(in, source + i * stride + c);
      }
    }
  }
}
