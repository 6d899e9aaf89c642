package org.rlhf4j.tensor;

/**
 * Matrix products by a {@link Blas}, which runs on one thread per call; large products are cut into
 * column or row ranges for the threads of a {@link Workers}.
 *
 * <p>Design: results are bitwise the same for every number of threads with the kernels for AVX-512,
 * since a piece rounds as the whole. oneDNN's do for every piece. OpenBLAS has a second code path
 * for small products (m n k up to 10^6) which rounds differently, so a product is cut only where
 * every piece stays on the main path, and at multiples of the register tile. With the kernels for
 * AVX2, of either library, a product rounds by the shape of a piece.
 */
public final class Gemm {
  private static final long SMALL_PRODUCT = 1_000_000L;
  private static final int TILE = 16; // a multiple of the sides of OpenBLAS's register tiles
  private static final int GRAIN = 64; // least rows or columns of a piece, about

  private static final Blas BLAS = BlasLibrary.loadFastest();
  private static final ThreadLocal<Operands> OPERANDS = ThreadLocal.withInitial(Operands::new);

  private final Workers workers;

  public Gemm(Workers workers) {
    this.workers = workers;
  }

  /**
   * Lets the products of the calling thread run on it alone again: ND4J, when it starts, gives the
   * thread that starts it all cores, in a setting that oneDNN shares.
   */
  public static void useOneThread() {
    BLAS.enterThread();
  }

  /** {@code c = alpha a b + beta c}; a [M, K], b [K, N], c [M, N]. */
  public void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    multiply(alpha, Factor.of(a), Factor.of(b), beta, c);
  }

  /** {@code c = alpha a b^T + beta c}; a [M, K], b [N, K], c [M, N]. */
  public void multiplyTransposed(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    multiply(alpha, Factor.of(a), Factor.transposed(b), beta, c);
  }

  /** {@code c = alpha a^T b + beta c}; a [K, M], b [K, N], c [M, N]. */
  public void transposedMultiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    multiply(alpha, Factor.transposed(a), Factor.of(b), beta, c);
  }

  /** {@code c = alpha a b + beta c} on the calling thread. */
  static void multiplyHere(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    sgemm(alpha, Factor.of(a), Factor.of(b), beta, c);
  }

  /** {@code c = alpha a b^T + beta c} on the calling thread. */
  static void multiplyTransposedHere(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    sgemm(alpha, Factor.of(a), Factor.transposed(b), beta, c);
  }

  /** {@code c = alpha a^T b + beta c} on the calling thread. */
  static void transposedMultiplyHere(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    sgemm(alpha, Factor.transposed(a), Factor.of(b), beta, c);
  }

  /** A matrix, or its transpose, as a product sees it. */
  private record Factor(Matrix matrix, boolean transposed) {
    static Factor of(Matrix matrix) {
      return new Factor(matrix, false);
    }

    static Factor transposed(Matrix matrix) {
      return new Factor(matrix, true);
    }

    int rows() {
      return transposed ? matrix.columns() : matrix.rows();
    }

    int columns() {
      return transposed ? matrix.rows() : matrix.columns();
    }

    Factor rows(int from, int count) {
      return new Factor(
          transposed ? matrix.columns(from, count) : matrix.rows(from, count), transposed);
    }

    Factor columns(int from, int count) {
      return new Factor(
          transposed ? matrix.rows(from, count) : matrix.columns(from, count), transposed);
    }
  }

  private void multiply(float alpha, Factor a, Factor b, float beta, Matrix c) {
    if (a.columns() != b.rows() || a.rows() != c.rows() || b.columns() != c.columns()) {
      throw new IllegalArgumentException("Shapes do not fit: " + a + ", " + b + ", " + c);
    }
    // Cutting the longer side keeps the repacking of the shared operand small.
    if (c.columns() >= c.rows()) {
      cut(
          c.columns(),
          (long) c.rows() * a.columns(),
          (from, n) -> sgemm(alpha, a, b.columns(from, n), beta, c.columns(from, n)));
      return;
    }
    cut(
        c.rows(),
        (long) c.columns() * a.columns(),
        (from, m) -> sgemm(alpha, a.rows(from, m), b, beta, c.rows(from, m)));
  }

  /** Works on {@code count} columns or rows from {@code from} on. */
  private interface Piece {
    void run(int from, int count);
  }

  private void cut(int length, long workEach, Piece piece) {
    int smallest = (int) Math.min(length, SMALL_PRODUCT / Math.max(1, workEach) + 1);
    int pieces = Math.min(length / Math.max(GRAIN, smallest + TILE), workers.count());
    if (pieces < 2) {
      piece.run(0, length);
      return;
    }
    workers.run(
        pieces,
        index -> {
          int from = start(length, index, pieces);
          piece.run(from, start(length, index + 1, pieces) - from);
        });
  }

  /** Where a piece starts: at the multiple of the tile that is nearest to an even share. */
  private static int start(int length, int index, int pieces) {
    int even = (int) ((long) length * index / pieces);
    return index == pieces ? length : (even + TILE / 2) / TILE * TILE;
  }

  private static void sgemm(float alpha, Factor a, Factor b, float beta, Matrix c) {
    if (c.rows() == 0 || c.columns() == 0 || a.columns() == 0) {
      scale(c, beta);
      return;
    }
    Operands operands = OPERANDS.get();
    BLAS.multiply(
        a.transposed(),
        b.transposed(),
        c.rows(),
        c.columns(),
        a.columns(),
        alpha,
        operands.a.moveTo(a.matrix().address()),
        a.matrix().stride(),
        operands.b.moveTo(b.matrix().address()),
        b.matrix().stride(),
        beta,
        operands.c.moveTo(c.address()),
        c.stride());
  }

  private static void scale(Matrix c, float factor) {
    for (int row = 0; row < c.rows(); row++) {
      long start = c.start(row);
      for (long i = start; i < start + c.columns(); i++) {
        c.values().set(i, factor == 0f ? 0f : factor * c.values().at(i));
      }
    }
  }

  /** One thread's pointers, so that a product allocates nothing. */
  private static final class Operands {
    final HostFloats.Address a = new HostFloats.Address(0, 0);
    final HostFloats.Address b = new HostFloats.Address(0, 0);
    final HostFloats.Address c = new HostFloats.Address(0, 0);

    Operands() {
      BLAS.enterThread();
    }
  }
}
