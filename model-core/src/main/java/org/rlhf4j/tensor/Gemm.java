package org.rlhf4j.tensor;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.blas_set_num_threads;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

/**
 * Matrix products by OpenBLAS, which runs on one thread per call; large products are cut into
 * column or row ranges for the threads of a {@link Workers}.
 *
 * <p>Design: OpenBLAS has a second code path for small products (m n k up to 10^6) whose rounding
 * differs from the main one. A product is cut only where every piece stays on the main path, and at
 * multiples of the register tile, so that results are bitwise the same for every number of threads.
 */
public final class Gemm {
  private static final long SMALL_PRODUCT = 1_000_000L;
  private static final int GRAIN = 64; // a multiple of OpenBLAS's register tiles

  private static final ThreadLocal<Operands> OPERANDS = ThreadLocal.withInitial(Operands::new);

  static {
    blas_set_num_threads(1); // global to the process; ND4J's own products are not the hot path
  }

  private final Workers workers;

  public Gemm(Workers workers) {
    this.workers = workers;
  }

  /** {@code c = alpha a b + beta c}; a [M, K], b [K, N], c [M, N]. */
  public void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    check(a.columns() == b.rows() && a.rows() == c.rows() && b.columns() == c.columns(), a, b, c);
    if (byColumns(c)) {
      columns(
          c,
          a.columns(),
          (from, n) ->
              sgemm(
                  CblasNoTrans,
                  CblasNoTrans,
                  alpha,
                  a,
                  b.columns(from, n),
                  beta,
                  c.columns(from, n),
                  a.columns()));
      return;
    }
    rows(
        c,
        a.columns(),
        (from, m) ->
            sgemm(
                CblasNoTrans,
                CblasNoTrans,
                alpha,
                a.rows(from, m),
                b,
                beta,
                c.rows(from, m),
                a.columns()));
  }

  /** {@code c = alpha a b^T + beta c}; a [M, K], b [N, K], c [M, N]. */
  public void multiplyTransposed(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    check(a.columns() == b.columns() && a.rows() == c.rows() && b.rows() == c.columns(), a, b, c);
    if (byColumns(c)) {
      columns(
          c,
          a.columns(),
          (from, n) ->
              sgemm(
                  CblasNoTrans,
                  CblasTrans,
                  alpha,
                  a,
                  b.rows(from, n),
                  beta,
                  c.columns(from, n),
                  a.columns()));
      return;
    }
    rows(
        c,
        a.columns(),
        (from, m) ->
            sgemm(
                CblasNoTrans,
                CblasTrans,
                alpha,
                a.rows(from, m),
                b,
                beta,
                c.rows(from, m),
                a.columns()));
  }

  /** {@code c = alpha a^T b + beta c}; a [K, M], b [K, N], c [M, N]. */
  public void transposedMultiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    check(a.rows() == b.rows() && a.columns() == c.rows() && b.columns() == c.columns(), a, b, c);
    if (byColumns(c)) {
      columns(
          c,
          a.rows(),
          (from, n) ->
              sgemm(
                  CblasTrans,
                  CblasNoTrans,
                  alpha,
                  a,
                  b.columns(from, n),
                  beta,
                  c.columns(from, n),
                  a.rows()));
      return;
    }
    rows(
        c,
        a.rows(),
        (from, m) ->
            sgemm(
                CblasTrans,
                CblasNoTrans,
                alpha,
                a.columns(from, m),
                b,
                beta,
                c.rows(from, m),
                a.rows()));
  }

  /** {@code c = alpha a b + beta c} on the calling thread. */
  static void multiplyHere(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    sgemm(CblasNoTrans, CblasNoTrans, alpha, a, b, beta, c, a.columns());
  }

  /** {@code c = alpha a b^T + beta c} on the calling thread. */
  static void multiplyTransposedHere(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    sgemm(CblasNoTrans, CblasTrans, alpha, a, b, beta, c, a.columns());
  }

  /** {@code c = alpha a^T b + beta c} on the calling thread. */
  static void transposedMultiplyHere(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    sgemm(CblasTrans, CblasNoTrans, alpha, a, b, beta, c, a.rows());
  }

  /** Works on {@code count} columns or rows from {@code from} on. */
  private interface Piece {
    void run(int from, int count);
  }

  // Cutting the longer side keeps the repacking of the shared operand small.
  private static boolean byColumns(Matrix c) {
    return c.columns() >= c.rows();
  }

  private void columns(Matrix c, int inner, Piece piece) {
    cut(c.columns(), (long) c.rows() * inner, piece);
  }

  private void rows(Matrix c, int inner, Piece piece) {
    cut(c.rows(), (long) c.columns() * inner, piece);
  }

  private void cut(int length, long workEach, Piece piece) {
    int smallest = (int) Math.min(length, SMALL_PRODUCT / Math.max(1, workEach) + 1);
    int grain = (smallest + GRAIN - 1) / GRAIN * GRAIN;
    if (length < 2 * grain) {
      piece.run(0, length);
      return;
    }
    // The last range may be shorter than the grain: count whole grains and let it take the rest.
    int units = length / grain;
    int pieces = Math.min(units, workers.count());
    workers.run(
        pieces,
        index -> {
          int from = (int) ((long) units * index / pieces) * grain;
          int to =
              index + 1 == pieces ? length : (int) ((long) units * (index + 1) / pieces) * grain;
          piece.run(from, to - from);
        });
  }

  private static void check(boolean fits, Matrix a, Matrix b, Matrix c) {
    if (!fits) {
      throw new IllegalArgumentException("Shapes do not fit: " + a + ", " + b + ", " + c);
    }
  }

  private static void sgemm(
      int transposeA,
      int transposeB,
      float alpha,
      Matrix a,
      Matrix b,
      float beta,
      Matrix c,
      int inner) {
    Operands operands = OPERANDS.get();
    cblas_sgemm(
        CblasRowMajor,
        transposeA,
        transposeB,
        c.rows(),
        c.columns(),
        inner,
        alpha,
        operands.a.moveTo(a.address()),
        a.stride(),
        operands.b.moveTo(b.address()),
        b.stride(),
        beta,
        operands.c.moveTo(c.address()),
        c.stride());
  }

  /** One thread's pointers, so that a product allocates nothing. */
  private static final class Operands {
    final Floats.Address a = new Floats.Address(0, 0);
    final Floats.Address b = new Floats.Address(0, 0);
    final Floats.Address c = new Floats.Address(0, 0);
  }
}
