package org.rlhf4j.tensor;

/**
 * The operations a decoder is made of. Shapes: N tokens, H width, V vocabulary, K targets.
 *
 * <p>This is the seam between decoders and what computes them: a decoder knows only this interface.
 * Operands lie in the memory of these kernels, which {@link #allocate} gives.
 */
public interface Kernels extends AutoCloseable {
  /** New zeroed values in the memory that these kernels work on. */
  Floats allocate(long length);

  /** {@code c = alpha a b + beta c}; a [M, K], b [K, N], c [M, N]. */
  void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c);

  /** {@code c = alpha a b^T + beta c}; a [M, K], b [N, K], c [M, N]. */
  void multiplyTransposed(float alpha, Matrix a, Matrix b, float beta, Matrix c);

  /** {@code c = alpha a^T b + beta c}; a [K, M], b [K, N], c [M, N]. */
  void transposedMultiply(float alpha, Matrix a, Matrix b, float beta, Matrix c);

  /** Prepares weights stored [in, out] for products with few rows. */
  PackedMatrix pack(Matrix weights);

  /** Prepares weights stored [out, in] for products with few rows. */
  PackedMatrix packTransposed(Matrix weights);

  /**
   * y = addend + x W; x [M, in], w packed by kernels of the same set, y [M, out]; y may be the
   * addend's rows.
   */
  void multiplyPacked(Matrix x, PackedMatrix w, Addend addend, Matrix y);

  /** y = x with {@code row} [H] added to each row; x may be y, [N, H]. */
  void addRow(Matrix x, Floats row, Matrix y);

  /** Each row of y = {@code row}. */
  void fillRows(Floats row, Matrix y);

  /** y += x, [N, H]. */
  void add(Matrix x, Matrix y);

  /** y = x, [N, H]. */
  void copy(Matrix x, Matrix y);

  /** x = 0. */
  void clear(Matrix x);

  /** sums = column sums of x, [H]. */
  void columnSums(Matrix x, Floats sums);

  /** Row i of y = row {@code rows[i]} of x. */
  void gatherRows(Matrix x, int[] rows, int count, Matrix y);

  /** Row i of y += row {@code rows[i]} of x. */
  void gatherAddRows(Matrix x, int[] rows, int count, Matrix y);

  /** Row {@code rows[i]} of y += row i of x, in ascending order of i. */
  void scatterAddRows(Matrix x, int[] rows, int count, Matrix y);

  /**
   * Layer normalisation of each row.
   *
   * @param statistics set to mean and reciprocal deviation of each row, [N, 2]
   */
  void layerNorm(Matrix x, Floats weight, Floats bias, double epsilon, Matrix y, Floats statistics);

  /** dx += the gradient through {@link #layerNorm}; dWeight, dBias are set. */
  void layerNormBackward(
      Matrix x,
      Floats weight,
      Floats statistics,
      Matrix dy,
      Matrix dx,
      Floats dWeight,
      Floats dBias);

  /**
   * Root-mean-square normalisation of each row.
   *
   * @param statistics set to the factor of each row, [N]
   */
  void rmsNorm(Matrix x, Floats weight, double epsilon, Matrix y, Floats statistics);

  /** dx += the gradient through {@link #rmsNorm}; dWeight is set. */
  void rmsNormBackward(
      Matrix x, Floats weight, Floats statistics, Matrix dy, Matrix dx, Floats dWeight);

  /**
   * Rotates the first {@code heads} heads of each row in place by the angles of its position.
   *
   * @param table cosines and sines of each position, [positions, 2, headSize / 2]
   */
  void rotate(Matrix x, int heads, int headSize, Floats table, int[] positions);

  /** The inverse of {@link #rotate}, which is also its gradient. */
  void rotateBack(Matrix x, int heads, int headSize, Floats table, int[] positions);

  /** y [N, I] = SwiGLU of gate and up side by side in x [N, 2 I]. */
  void swiglu(Matrix x, Matrix y);

  /** dx [N, 2 I] = the gradient through {@link #swiglu}. */
  void swigluBackward(Matrix x, Matrix dy, Matrix dx);

  /** y = GELU(x), tanh form. */
  void gelu(Matrix x, Matrix y);

  /** dy *= GELU'(x). */
  void geluBackward(Matrix x, Matrix dy);

  /**
   * Causal attention within each sequence.
   *
   * @param qkv [N, shape.width()]
   * @param offsets start of each sequence and, last, N, [B + 1]
   * @param out set, [N, heads D]
   */
  void attention(AttentionShape shape, Matrix qkv, int[] offsets, Matrix out);

  /** dQkv = the gradient through {@link #attention}. */
  void attentionBackward(AttentionShape shape, Matrix qkv, int[] offsets, Matrix dOut, Matrix dQkv);

  /** A cache for the attention of {@code layers} layers of this shape, whatever their windows. */
  KeyValueCache keyValueCache(AttentionShape shape, int layers);

  /** Log-probabilities from logits. */
  CrossEntropy crossEntropy();

  /** Runs work of the caller on ranges of {@code length} items, each item at most once. */
  void ranges(int length, Workers.RangeTask task);

  @Override
  void close();
}
