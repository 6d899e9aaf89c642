package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Root-mean-square normalisation of a row (Zhang and Sennrich 2019, eq. 4): y = weight x /
 * sqrt(mean(x^2) + epsilon).
 */
final class RmsNorm {
  private RmsNorm() {}

  /**
   * Rows [from, to) of y.
   *
   * @param statistics set to the factor of each row, [rows]
   */
  static void forward(
      Matrix x, Floats weight, double epsilon, Matrix y, Floats statistics, int from, int to) {
    ByteBuffer in = x.values().bytes();
    ByteBuffer out = y.values().bytes();
    ByteBuffer w = weight.bytes();
    int columns = x.columns();
    int bound = Lanes.bound(columns);
    for (int row = from; row < to; row++) {
      int source = x.start(row);
      int target = y.start(row);
      double mean = dot(in, source, in, source, columns) / columns;
      float scale = (float) (1 / Math.sqrt(mean + epsilon));
      Lanes.put(statistics.bytes(), row, scale);
      int c = 0;
      for (; c < bound; c += Lanes.WIDTH) {
        FloatVector normal = Lanes.load(in, source + c).mul(scale);
        Lanes.store(normal.mul(Lanes.load(w, c)), out, target + c);
      }
      for (; c < columns; c++) {
        Lanes.put(out, target + c, Lanes.get(in, source + c) * scale * Lanes.get(w, c));
      }
    }
  }

  /**
   * dx += gradient through the norm, rows [from, to).
   *
   * @param sums from {@code start} on, what these rows give to the gradient of the weight is added,
   *     [H]
   */
  static void backward(
      Matrix x,
      Floats weight,
      Floats statistics,
      Matrix dy,
      Matrix dx,
      int from,
      int to,
      float[] sums,
      int start) {
    ByteBuffer in = x.values().bytes();
    ByteBuffer w = weight.bytes();
    ByteBuffer g = dy.values().bytes();
    ByteBuffer out = dx.values().bytes();
    int columns = x.columns();
    int bound = Lanes.bound(columns);
    for (int row = from; row < to; row++) {
      float scale = Lanes.get(statistics.bytes(), row);
      int source = x.start(row);
      int gradient = dy.start(row);
      int target = dx.start(row);
      double product = weightedDot(g, gradient, w, in, source, columns) * scale / columns;
      float meanProduct = (float) product;
      int c = 0;
      for (; c < bound; c += Lanes.WIDTH) {
        FloatVector normal = Lanes.load(in, source + c).mul(scale);
        FloatVector d = Lanes.load(g, gradient + c);
        d.fma(normal, FloatVector.fromArray(Lanes.SPECIES, sums, start + c))
            .intoArray(sums, start + c);
        FloatVector dn = d.mul(Lanes.load(w, c));
        FloatVector change = dn.sub(normal.mul(meanProduct)).mul(scale);
        Lanes.store(Lanes.load(out, target + c).add(change), out, target + c);
      }
      for (; c < columns; c++) {
        float normal = Lanes.get(in, source + c) * scale;
        float d = Lanes.get(g, gradient + c);
        sums[start + c] += d * normal;
        float change = (d * Lanes.get(w, c) - normal * meanProduct) * scale;
        Lanes.put(out, target + c, Lanes.get(out, target + c) + change);
      }
    }
  }

  private static double dot(ByteBuffer a, int first, ByteBuffer b, int second, int count) {
    int bound = Lanes.bound(count);
    FloatVector sum = Lanes.zero();
    int c = 0;
    for (; c < bound; c += Lanes.WIDTH) {
      sum = Lanes.load(a, first + c).fma(Lanes.load(b, second + c), sum);
    }
    double total = sum.reduceLanes(VectorOperators.ADD);
    for (; c < count; c++) {
      total += Lanes.get(a, first + c) * Lanes.get(b, second + c);
    }
    return total;
  }

  private static double weightedDot(
      ByteBuffer a, int first, ByteBuffer w, ByteBuffer b, int second, int count) {
    int bound = Lanes.bound(count);
    FloatVector sum = Lanes.zero();
    int c = 0;
    for (; c < bound; c += Lanes.WIDTH) {
      FloatVector left = Lanes.load(a, first + c).mul(Lanes.load(w, c));
      sum = left.fma(Lanes.load(b, second + c), sum);
    }
    double total = sum.reduceLanes(VectorOperators.ADD);
    for (; c < count; c++) {
      total += Lanes.get(a, first + c) * Lanes.get(w, c) * Lanes.get(b, second + c);
    }
    return total;
  }
}
