package org.rlhf4j.tensor;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.factory.Nd4j;

/** {@link Gelu} and {@link Swiglu} in operations of ND4J. */
final class Nd4jActivations implements AutoCloseable {
  private static final double TWICE_SQRT = 2 * Math.sqrt(2 / Math.PI);
  private static final double CUBE = 0.044715;

  private final Buffer first = new Buffer(Nd4jFloats::create);
  private final Buffer second = new Buffer(Nd4jFloats::create);
  private final Buffer third = new Buffer(Nd4jFloats::create);

  void gelu(Matrix x, Matrix y) {
    INDArray in = Nd4jViews.array(x);
    INDArray out = Nd4jViews.array(y);
    gate(in, out);
    out.muli(in);
  }

  /** gate = sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3). */
  private static void gate(INDArray x, INDArray gate) {
    x.mul(x, gate);
    gate.muli(CUBE * TWICE_SQRT).addi(TWICE_SQRT).muli(x);
    Nd4j.exec(new Sigmoid(gate, gate));
  }

  /** dy *= s + s (1 - s) x 2 u', with s the gate and 2 u' = k (1 + 3 c x^2). */
  void geluBackward(Matrix x, Matrix dy) {
    INDArray in = Nd4jViews.array(x);
    INDArray s = scratch(first, x);
    INDArray slope = scratch(second, x);
    INDArray rest = scratch(third, x);
    gate(in, s);
    in.mul(in, slope);
    slope.muli(3 * CUBE * TWICE_SQRT).addi(TWICE_SQRT).muli(in);
    s.rsub(1.0, rest);
    slope.muli(rest).addi(1.0).muli(s);
    Nd4jViews.array(dy).muli(slope);
  }

  void swiglu(Matrix x, Matrix y) {
    INDArray gate = Nd4jViews.array(x.columns(0, y.columns()));
    INDArray out = Nd4jViews.array(y);
    Nd4j.exec(new Sigmoid(gate, out));
    out.muli(gate).muli(Nd4jViews.array(x.columns(y.columns(), y.columns())));
  }

  /** With s = sigmoid(gate): dGate = dy up (s + gate s (1 - s)), dUp = dy gate s. */
  void swigluBackward(Matrix x, Matrix dy, Matrix dx) {
    int width = dy.columns();
    INDArray gate = Nd4jViews.array(x.columns(0, width));
    INDArray up = Nd4jViews.array(x.columns(width, width));
    INDArray dOut = Nd4jViews.array(dy);
    INDArray dGate = Nd4jViews.array(dx.columns(0, width));
    INDArray dUp = Nd4jViews.array(dx.columns(width, width));
    INDArray s = scratch(first, dy);
    Nd4j.exec(new Sigmoid(gate, s));
    s.rsub(1.0, dGate);
    dGate.muli(gate).addi(1.0).muli(s).muli(up).muli(dOut);
    gate.mul(s, dUp);
    dUp.muli(dOut);
  }

  private static INDArray scratch(Buffer buffer, Matrix like) {
    return Nd4jViews.array(buffer.matrix(like.rows(), like.columns()));
  }

  @Override
  public void close() {
    first.close();
    second.close();
    third.close();
  }
}
