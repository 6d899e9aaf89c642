package org.rlhf4j.tensor;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Kernels made of ND4J's operations, which run on any of its backends: memory stays where the
 * backend wants it, and the host works out places only. Threads are the backend's own.
 *
 * <p>On a processor {@link CpuKernels} are several times faster. Here the rounding of a result may
 * depend on the backend, its threads, and what stands beside a row in its batch.
 */
final class Nd4jKernels implements Kernels {
  private final Nd4jNorms norms = new Nd4jNorms();
  private final Nd4jActivations activations = new Nd4jActivations();
  private final Nd4jAttention attention = new Nd4jAttention();
  private final Buffer gathered = new Buffer(this);
  private final Nd4jRotation rotation = new Nd4jRotation();

  @Override
  public Floats allocate(long length) {
    return Nd4jFloats.create(length);
  }

  @Override
  public void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    product(alpha, a, false, b, false, beta, c);
  }

  @Override
  public void multiplyTransposed(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    product(alpha, a, false, b, true, beta, c);
  }

  @Override
  public void transposedMultiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    product(alpha, a, true, b, false, beta, c);
  }

  /** {@code c = alpha a b + beta c}, transposed where said. */
  static void product(
      float alpha,
      Matrix a,
      boolean aTransposed,
      Matrix b,
      boolean bTransposed,
      float beta,
      Matrix c) {
    int rows = aTransposed ? a.columns() : a.rows();
    int inner = aTransposed ? a.rows() : a.columns();
    int columns = bTransposed ? b.rows() : b.columns();
    if (rows != c.rows()
        || columns != c.columns()
        || inner != (bTransposed ? b.columns() : b.rows())) {
      throw new IllegalArgumentException("Shapes do not fit: " + a + ", " + b + ", " + c);
    }
    if (Nd4jViews.isEmpty(c)) {
      return;
    }
    if (inner == 0) {
      scale(beta, c);
      return;
    }
    Nd4jViews.multiply(
        alpha,
        Nd4jViews.array(a),
        aTransposed,
        Nd4jViews.array(b),
        bTransposed,
        beta,
        Nd4jViews.array(c));
  }

  private static void scale(float beta, Matrix c) {
    if (beta == 0f) {
      Nd4jViews.array(c).assign(0);
      return;
    }
    Nd4jViews.array(c).muli(beta);
  }

  @Override
  public PackedMatrix pack(Matrix weights) {
    return new Nd4jMatrix(weights, false);
  }

  @Override
  public PackedMatrix packTransposed(Matrix weights) {
    return new Nd4jMatrix(weights, true);
  }

  @Override
  public void multiplyPacked(Matrix x, PackedMatrix w, Addend addend, Matrix y) {
    Nd4jMatrix matrix = (Nd4jMatrix) w;
    float beta = 0f;
    if (!addend.isNone()) {
      addend.fill(this, y);
      beta = 1f;
    }
    product(1f, x, false, matrix.weights(), matrix.transposed(), beta, y);
  }

  @Override
  public void addRow(Matrix x, Floats row, Matrix y) {
    if (!Nd4jViews.isEmpty(x)) {
      Nd4jViews.array(x).add(Nd4jViews.row(row, x.columns()), Nd4jViews.array(y));
    }
  }

  @Override
  public void fillRows(Floats row, Matrix y) {
    if (!Nd4jViews.isEmpty(y)) {
      // Assigning a row would not spread it.
      Nd4jViews.array(y).assign(0).addi(Nd4jViews.row(row, y.columns()));
    }
  }

  @Override
  public void add(Matrix x, Matrix y) {
    if (!Nd4jViews.isEmpty(x)) {
      Nd4jViews.array(y).addi(Nd4jViews.array(x));
    }
  }

  @Override
  public void copy(Matrix x, Matrix y) {
    if (!Nd4jViews.isEmpty(y)) {
      Nd4jViews.array(y).assign(Nd4jViews.array(x));
    }
  }

  @Override
  public void clear(Matrix x) {
    if (!Nd4jViews.isEmpty(x)) {
      Nd4jViews.array(x).assign(0);
    }
  }

  @Override
  public void columnSums(Matrix x, Floats sums) {
    INDArray out = Nd4jViews.row(sums, x.columns());
    if (Nd4jViews.isEmpty(x)) {
      out.assign(0);
      return;
    }
    Nd4jViews.array(x).sum(out, true, 0);
  }

  @Override
  public void gatherRows(Matrix x, int[] rows, int count, Matrix y) {
    if (count > 0) {
      Nd4jViews.gather(Nd4jViews.array(x), indices(rows, count), Nd4jViews.array(y.rows(0, count)));
    }
  }

  @Override
  public void gatherAddRows(Matrix x, int[] rows, int count, Matrix y) {
    if (count == 0) {
      return;
    }
    Matrix added = gathered.matrix(count, y.columns());
    gatherRows(x, rows, count, added);
    add(added, y.rows(0, count));
  }

  @Override
  public void scatterAddRows(Matrix x, int[] rows, int count, Matrix y) {
    if (count > 0) {
      Nd4jViews.scatterAdd(
          Nd4jViews.array(x.rows(0, count)), indices(rows, count), Nd4jViews.array(y));
    }
  }

  private static INDArray indices(int[] rows, int count) {
    return Nd4j.createFromArray(rows.length == count ? rows : Arrays.copyOf(rows, count));
  }

  @Override
  public void layerNorm(
      Matrix x, Floats weight, Floats bias, double epsilon, Matrix y, Floats statistics) {
    if (!Nd4jViews.isEmpty(x)) {
      norms.layerNorm(x, weight, bias, epsilon, y, statistics);
    }
  }

  @Override
  public void layerNormBackward(
      Matrix x,
      Floats weight,
      Floats statistics,
      Matrix dy,
      Matrix dx,
      Floats dWeight,
      Floats dBias) {
    if (Nd4jViews.isEmpty(x)) {
      columnSums(x, dWeight);
      columnSums(x, dBias);
      return;
    }
    norms.layerNormBackward(x, weight, statistics, dy, dx, dWeight, dBias);
  }

  @Override
  public void rmsNorm(Matrix x, Floats weight, double epsilon, Matrix y, Floats statistics) {
    if (!Nd4jViews.isEmpty(x)) {
      norms.rmsNorm(x, weight, epsilon, y, statistics);
    }
  }

  @Override
  public void rmsNormBackward(
      Matrix x, Floats weight, Floats statistics, Matrix dy, Matrix dx, Floats dWeight) {
    if (Nd4jViews.isEmpty(x)) {
      columnSums(x, dWeight);
      return;
    }
    norms.rmsNormBackward(x, weight, statistics, dy, dx, dWeight);
  }

  @Override
  public void rotate(Matrix x, int heads, int headSize, Floats table, int[] positions) {
    if (x.rows() > 0) {
      rotation.rotate(x, heads, headSize, angles(x, headSize, table, positions), 1);
    }
  }

  @Override
  public void rotateBack(Matrix x, int heads, int headSize, Floats table, int[] positions) {
    if (x.rows() > 0) {
      rotation.rotate(x, heads, headSize, angles(x, headSize, table, positions), -1);
    }
  }

  /** Cosines and sines of each row, [N, D]. */
  private Matrix angles(Matrix x, int headSize, Floats table, int[] positions) {
    Matrix angles = gathered.matrix(x.rows(), headSize);
    Matrix all = Matrix.of(table, (int) (table.length() / headSize), headSize);
    gatherRows(all, positions, x.rows(), angles);
    return angles;
  }

  @Override
  public void swiglu(Matrix x, Matrix y) {
    if (!Nd4jViews.isEmpty(y)) {
      activations.swiglu(x, y);
    }
  }

  @Override
  public void swigluBackward(Matrix x, Matrix dy, Matrix dx) {
    if (!Nd4jViews.isEmpty(dy)) {
      activations.swigluBackward(x, dy, dx);
    }
  }

  @Override
  public void gelu(Matrix x, Matrix y) {
    if (!Nd4jViews.isEmpty(x)) {
      activations.gelu(x, y);
    }
  }

  @Override
  public void geluBackward(Matrix x, Matrix dy) {
    if (!Nd4jViews.isEmpty(x)) {
      activations.geluBackward(x, dy);
    }
  }

  @Override
  public void attention(AttentionShape shape, Matrix qkv, int[] offsets, Matrix out) {
    attention.forward(shape, qkv, offsets, out);
  }

  @Override
  public void attentionBackward(
      AttentionShape shape, Matrix qkv, int[] offsets, Matrix dOut, Matrix dQkv) {
    attention.backward(shape, qkv, offsets, dOut, dQkv);
  }

  @Override
  public KeyValueCache keyValueCache(AttentionShape shape, int layers) {
    return new Nd4jCache(attention, shape, layers);
  }

  @Override
  public CrossEntropy crossEntropy() {
    return new Nd4jCrossEntropy();
  }

  /** On the calling thread: ND4J ties arrays on GPUs to the threads that made them. */
  @Override
  public void ranges(int length, Workers.RangeTask task) {
    if (length > 0) {
      task.run(0, length);
    }
  }

  @Override
  public void close() {
    norms.close();
    activations.close();
    attention.close();
    gathered.close();
    rotation.close();
  }
}
