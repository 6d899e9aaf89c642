package org.rlhf4j.tensor;

/**
 * Kernels for the processor: a {@link Blas} for matrix products, the Vector API for the rest.
 * Results are bitwise independent of the number of threads; that of a row of a packed product, and
 * of a token of a cached attention, of the other rows and sequences.
 */
public final class CpuKernels implements Kernels {
  private static final int COLUMN_GRAIN = 64;

  private final Workers workers;
  private final Gemm gemm;
  private final PackedGemm packedGemm;
  private final Attention attention;
  private final CachedAttention cachedAttention;
  private final RowSums rowSums;

  /**
   * @param threads threads that work, the caller included
   */
  public CpuKernels(int threads) {
    this.workers = new Workers(threads);
    this.gemm = new Gemm(workers);
    this.packedGemm = new PackedGemm(workers);
    this.attention = new Attention(workers);
    this.cachedAttention = new CachedAttention(workers);
    this.rowSums = new RowSums(workers);
  }

  @Override
  public void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    gemm.multiply(alpha, a, b, beta, c);
  }

  @Override
  public void multiplyTransposed(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    gemm.multiplyTransposed(alpha, a, b, beta, c);
  }

  @Override
  public void transposedMultiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    gemm.transposedMultiply(alpha, a, b, beta, c);
  }

  @Override
  public Floats allocate(long length) {
    return HostFloats.create(length);
  }

  @Override
  public PackedMatrix pack(Matrix weights) {
    return PanelMatrix.of(weights, workers);
  }

  @Override
  public PackedMatrix packTransposed(Matrix weights) {
    return PanelMatrix.ofTransposed(weights, workers);
  }

  @Override
  public void multiplyPacked(Matrix x, PackedMatrix w, Addend addend, Matrix y) {
    packedGemm.multiply(x, (PanelMatrix) w, addend, y);
  }

  @Override
  public void addRow(Matrix x, Floats row, Matrix y) {
    rows(x, (from, to) -> Elementwise.addRow(x, row, y, from, to));
  }

  @Override
  public void fillRows(Floats row, Matrix y) {
    rows(
        y,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            Elementwise.copyRange(row.bytes(), 0, y.values().bytes(), y.start(i), y.columns());
          }
        });
  }

  @Override
  public void add(Matrix x, Matrix y) {
    rows(x, (from, to) -> Elementwise.add(x, y, from, to));
  }

  @Override
  public void copy(Matrix x, Matrix y) {
    rows(
        y,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            Elementwise.copyRange(
                x.values().bytes(), x.start(i), y.values().bytes(), y.start(i), y.columns());
          }
        });
  }

  @Override
  public void clear(Matrix x) {
    rows(
        x,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            Elementwise.fillRange(x.values().bytes(), x.start(i), x.columns(), 0f);
          }
        });
  }

  @Override
  public void columnSums(Matrix x, Floats sums) {
    rowSums.run(
        x.rows(), (from, to, out, start) -> Elementwise.addRows(x, from, to, out, start), sums);
  }

  @Override
  public void gatherRows(Matrix x, int[] rows, int count, Matrix y) {
    rows(
        y.rows(0, count),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            Elementwise.copyRange(
                x.values().bytes(), x.start(rows[i]), y.values().bytes(), y.start(i), y.columns());
          }
        });
  }

  @Override
  public void gatherAddRows(Matrix x, int[] rows, int count, Matrix y) {
    rows(
        y.rows(0, count),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            Elementwise.addRange(
                x.values().bytes(), x.start(rows[i]), y.values().bytes(), y.start(i), y.columns());
          }
        });
  }

  @Override
  public void scatterAddRows(Matrix x, int[] rows, int count, Matrix y) {
    columns(
        x.rows(0, count),
        (from, to) -> {
          for (int i = 0; i < count; i++) {
            Elementwise.addRange(
                x.values().bytes(),
                x.start(i) + from,
                y.values().bytes(),
                y.start(rows[i]) + from,
                to - from);
          }
        });
  }

  @Override
  public void layerNorm(
      Matrix x, Floats weight, Floats bias, double epsilon, Matrix y, Floats statistics) {
    rows(x, (from, to) -> LayerNorm.forward(x, weight, bias, epsilon, y, statistics, from, to));
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
    rowSums.run(
        x.rows(),
        (from, to, sums, start) ->
            LayerNorm.backward(x, weight, statistics, dy, dx, from, to, sums, start),
        dWeight,
        dBias);
  }

  @Override
  public void rmsNorm(Matrix x, Floats weight, double epsilon, Matrix y, Floats statistics) {
    rows(x, (from, to) -> RmsNorm.forward(x, weight, epsilon, y, statistics, from, to));
  }

  @Override
  public void rmsNormBackward(
      Matrix x, Floats weight, Floats statistics, Matrix dy, Matrix dx, Floats dWeight) {
    rowSums.run(
        x.rows(),
        (from, to, sums, start) ->
            RmsNorm.backward(x, weight, statistics, dy, dx, from, to, sums, start),
        dWeight);
  }

  @Override
  public void rotate(Matrix x, int heads, int headSize, Floats table, int[] positions) {
    rows(x, (from, to) -> Rotation.rotate(x, heads, headSize, table, positions, 1f, from, to));
  }

  @Override
  public void rotateBack(Matrix x, int heads, int headSize, Floats table, int[] positions) {
    rows(x, (from, to) -> Rotation.rotate(x, heads, headSize, table, positions, -1f, from, to));
  }

  @Override
  public void swiglu(Matrix x, Matrix y) {
    rows(y, (from, to) -> Swiglu.forward(x, y, from, to));
  }

  @Override
  public void swigluBackward(Matrix x, Matrix dy, Matrix dx) {
    rows(dy, (from, to) -> Swiglu.backward(x, dy, dx, from, to));
  }

  @Override
  public void gelu(Matrix x, Matrix y) {
    rows(x, (from, to) -> Gelu.forward(x, y, from, to));
  }

  @Override
  public void geluBackward(Matrix x, Matrix dy) {
    rows(x, (from, to) -> Gelu.backward(x, dy, from, to));
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
    return new PagedCache(cachedAttention, shape, layers);
  }

  @Override
  public CrossEntropy crossEntropy() {
    return new CpuCrossEntropy(workers);
  }

  @Override
  public void ranges(int length, Workers.RangeTask task) {
    workers.ranges(length, 1, task);
  }

  // Below this many elements waking another thread costs more than it saves.
  private static final int SMALL = 8192;

  private void rows(Matrix x, Workers.RangeTask task) {
    rows(workers, x, task);
  }

  /** Runs ranges of rows on threads that have enough to do. */
  static void rows(Workers workers, Matrix x, Workers.RangeTask task) {
    workers.ranges(x.rows(), grain(x.columns()), task);
  }

  /** Rows that are worth a thread. */
  static int grain(int columns) {
    return Math.max(1, SMALL / Math.max(1, columns));
  }

  private void columns(Matrix x, Workers.RangeTask task) {
    int grain = Math.max(COLUMN_GRAIN, SMALL / Math.max(1, x.rows()) / 64 * 64);
    workers.ranges(x.columns(), grain, task);
  }

  @Override
  public void close() {
    workers.close();
    attention.close();
  }
}
