package org.rlhf4j.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@link LayerNorm} and {@link RmsNorm} in operations of ND4J. Statistics are columns, one after
 * the other: ND4J reads them best without gaps.
 */
final class Nd4jNorms implements AutoCloseable {
  private final Buffer first = new Buffer(Nd4jFloats::create);
  private final Buffer second = new Buffer(Nd4jFloats::create);
  private final Buffer means = new Buffer(Nd4jFloats::create);

  void layerNorm(
      Matrix x, Floats weight, Floats bias, double epsilon, Matrix y, Floats statistics) {
    int rows = x.rows();
    INDArray in = Nd4jViews.array(x);
    INDArray out = Nd4jViews.array(y);
    INDArray mean = Nd4jViews.column(statistics, 0, rows);
    INDArray scale = Nd4jViews.column(statistics, rows, rows);
    in.mean(mean, true, 1);
    in.sub(mean, out);
    reciprocalDeviation(out, epsilon, scale);
    out.muli(scale);
    out.muli(Nd4jViews.row(weight, x.columns()));
    out.addi(Nd4jViews.row(bias, x.columns()));
  }

  /** scale = 1 / sqrt(mean(x^2) + epsilon) of each row. */
  private void reciprocalDeviation(INDArray x, double epsilon, INDArray scale) {
    INDArray squares = scratch(first, x);
    x.mul(x, squares);
    squares.mean(scale, true, 1);
    scale.addi(epsilon);
    Nd4j.exec(new RSqrt(scale, scale));
  }

  void layerNormBackward(
      Matrix x,
      Floats weight,
      Floats statistics,
      Matrix dy,
      Matrix dx,
      Floats dWeight,
      Floats dBias) {
    int rows = x.rows();
    INDArray in = Nd4jViews.array(x);
    INDArray out = Nd4jViews.array(dy);
    INDArray normal = scratch(first, in);
    in.sub(Nd4jViews.column(statistics, 0, rows), normal);
    INDArray scale = Nd4jViews.column(statistics, rows, rows);
    normal.muli(scale);
    out.sum(Nd4jViews.row(dBias, x.columns()), true, 0);
    INDArray gradient = backward(normal, weight, out, dWeight);
    INDArray mean = Nd4jViews.column(means.atLeast(rows), 0, rows);
    gradient.mean(mean, true, 1);
    gradient.subi(mean);
    addScaled(gradient, normal, scale, dx);
  }

  void rmsNorm(Matrix x, Floats weight, double epsilon, Matrix y, Floats statistics) {
    INDArray in = Nd4jViews.array(x);
    INDArray out = Nd4jViews.array(y);
    INDArray scale = Nd4jViews.column(statistics, 0, x.rows());
    reciprocalDeviation(in, epsilon, scale);
    in.mul(scale, out);
    out.muli(Nd4jViews.row(weight, x.columns()));
  }

  void rmsNormBackward(
      Matrix x, Floats weight, Floats statistics, Matrix dy, Matrix dx, Floats dWeight) {
    INDArray in = Nd4jViews.array(x);
    INDArray scale = Nd4jViews.column(statistics, 0, x.rows());
    INDArray normal = scratch(first, in);
    in.mul(scale, normal);
    INDArray gradient = backward(normal, weight, Nd4jViews.array(dy), dWeight);
    addScaled(gradient, normal, scale, dx);
  }

  /**
   * What both norms share: sets dWeight and returns the gradient of the normalised values; {@code
   * normal} becomes its projection, normal mean(normal gradient).
   */
  private INDArray backward(INDArray normal, Floats weight, INDArray dy, Floats dWeight) {
    int rows = (int) normal.rows();
    INDArray weights = Nd4jViews.row(weight, (int) normal.columns());
    INDArray products = scratch(second, normal);
    dy.mul(normal, products);
    products.sum(Nd4jViews.row(dWeight, (int) normal.columns()), true, 0);
    products.muli(weights);
    INDArray mean = Nd4jViews.column(means.atLeast(rows), 0, rows);
    products.mean(mean, true, 1);
    normal.muli(mean);
    dy.mul(weights, products);
    return products;
  }

  /** dx += (gradient - projection) scale. */
  private static void addScaled(INDArray gradient, INDArray projection, INDArray scale, Matrix dx) {
    gradient.subi(projection);
    gradient.muli(scale);
    Nd4jViews.array(dx).addi(gradient);
  }

  private static INDArray scratch(Buffer buffer, INDArray like) {
    return Nd4jViews.array(buffer.matrix((int) like.rows(), (int) like.columns()));
  }

  @Override
  public void close() {
    first.close();
    second.close();
    means.close();
  }
}
