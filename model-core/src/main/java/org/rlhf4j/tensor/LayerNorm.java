package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Layer normalisation over a row (Ba, Kiros, Hinton 2016): y = weight (x - mean) / sqrt(variance +
 * epsilon) + bias, with the biased variance.
 */
final class LayerNorm {
  private LayerNorm() {}

  /**
   * Rows [from, to) of y.
   *
   * @param statistics set to mean and reciprocal deviation of each row, [rows, 2]
   */
  static void forward(
      Matrix x,
      Floats weight,
      Floats bias,
      double epsilon,
      Matrix y,
      Floats statistics,
      int from,
      int to) {
    ByteBuffer in = x.values().bytes();
    ByteBuffer out = y.values().bytes();
    ByteBuffer w = weight.bytes();
    ByteBuffer b = bias.bytes();
    int bound = Lanes.bound(x.columns());
    for (int row = from; row < to; row++) {
      int source = x.start(row);
      int target = y.start(row);
      float mean = (float) (sum(in, source, x.columns()) / x.columns());
      double variance = squares(in, source, x.columns(), mean) / x.columns();
      float scale = (float) (1 / Math.sqrt(variance + epsilon));
      Lanes.put(statistics.bytes(), 2 * row, mean);
      Lanes.put(statistics.bytes(), 2 * row + 1, scale);
      int c = 0;
      for (; c < bound; c += Lanes.WIDTH) {
        FloatVector normal = Lanes.load(in, source + c).sub(mean).mul(scale);
        Lanes.store(normal.fma(Lanes.load(w, c), Lanes.load(b, c)), out, target + c);
      }
      for (; c < x.columns(); c++) {
        float normal = (Lanes.get(in, source + c) - mean) * scale;
        Lanes.put(out, target + c, normal * Lanes.get(w, c) + Lanes.get(b, c));
      }
    }
  }

  /**
   * dx += gradient through the norm, rows [from, to).
   *
   * @param sums from {@code start} on, what these rows give to the gradients of weight and bias is
   *     added, [2, H]
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
      float mean = Lanes.get(statistics.bytes(), 2 * row);
      float scale = Lanes.get(statistics.bytes(), 2 * row + 1);
      int source = x.start(row);
      int gradient = dy.start(row);
      int target = dx.start(row);
      FloatVector sum = Lanes.zero();
      FloatVector product = Lanes.zero();
      int c = 0;
      for (; c < bound; c += Lanes.WIDTH) {
        FloatVector dn = Lanes.load(g, gradient + c).mul(Lanes.load(w, c));
        sum = sum.add(dn);
        product = dn.fma(Lanes.load(in, source + c).sub(mean).mul(scale), product);
      }
      double total = sum.reduceLanes(VectorOperators.ADD);
      double dot = product.reduceLanes(VectorOperators.ADD);
      for (; c < columns; c++) {
        float dn = Lanes.get(g, gradient + c) * Lanes.get(w, c);
        total += dn;
        dot += dn * (Lanes.get(in, source + c) - mean) * scale;
      }
      float meanGradient = (float) (total / columns);
      float meanProduct = (float) (dot / columns);
      for (c = 0; c < bound; c += Lanes.WIDTH) {
        FloatVector normal = Lanes.load(in, source + c).sub(mean).mul(scale);
        FloatVector d = Lanes.load(g, gradient + c);
        d.fma(normal, FloatVector.fromArray(Lanes.SPECIES, sums, start + c))
            .intoArray(sums, start + c);
        FloatVector bias = FloatVector.fromArray(Lanes.SPECIES, sums, start + columns + c);
        bias.add(d).intoArray(sums, start + columns + c);
        FloatVector dn = d.mul(Lanes.load(w, c)).sub(meanGradient);
        FloatVector change = dn.sub(normal.mul(meanProduct)).mul(scale);
        Lanes.store(Lanes.load(out, target + c).add(change), out, target + c);
      }
      for (; c < columns; c++) {
        float normal = (Lanes.get(in, source + c) - mean) * scale;
        float d = Lanes.get(g, gradient + c);
        sums[start + c] += d * normal;
        sums[start + columns + c] += d;
        float dn = d * Lanes.get(w, c) - meanGradient;
        float change = (dn - normal * meanProduct) * scale;
        Lanes.put(out, target + c, Lanes.get(out, target + c) + change);
      }
    }
  }

  private static double sum(ByteBuffer in, int start, int count) {
    int bound = Lanes.bound(count);
    FloatVector sum = Lanes.zero();
    int c = 0;
    for (; c < bound; c += Lanes.WIDTH) {
      sum = sum.add(Lanes.load(in, start + c));
    }
    double total = sum.reduceLanes(VectorOperators.ADD);
    for (; c < count; c++) {
      total += Lanes.get(in, start + c);
    }
    return total;
  }

  private static double squares(ByteBuffer in, int start, int count, float mean) {
    int bound = Lanes.bound(count);
    FloatVector sum = Lanes.zero();
    int c = 0;
    for (; c < bound; c += Lanes.WIDTH) {
      FloatVector d = Lanes.load(in, start + c).sub(mean);
      sum = d.fma(d, sum);
    }
    double total = sum.reduceLanes(VectorOperators.ADD);
    for (; c < count; c++) {
      double d = Lanes.get(in, start + c) - mean;
      total += d * d;
    }
    return total;
  }
}
