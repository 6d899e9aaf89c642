package org.rlhf4j.tensor;

/**
 * A view of consecutive float32 values outside the Java heap. Stub: the owner of this package
 * replaces it and keeps the signatures.
 */
public final class Floats {
  private Floats() {}

  /** New zeroed values, freed when unreachable or by the arena that owns them. */
  public static Floats allocate(long length) {
    throw new UnsupportedOperationException();
  }

  /**
   * The values of a contiguous float array of ND4J, shared, not copied; keeps the array reachable.
   */
  public static Floats of(org.nd4j.linalg.api.ndarray.INDArray array) {
    throw new UnsupportedOperationException();
  }

  public long length() {
    throw new UnsupportedOperationException();
  }

  public Floats slice(long offset, long length) {
    throw new UnsupportedOperationException();
  }

  public float at(long index) {
    throw new UnsupportedOperationException();
  }

  public void set(long index, float value) {
    throw new UnsupportedOperationException();
  }

  /**
   * Copies {@code count} values of {@code source} from {@code from} to this view at {@code offset}.
   */
  public void copyFrom(float[] source, int from, long offset, int count) {
    throw new UnsupportedOperationException();
  }

  /**
   * Copies {@code count} values of this view at {@code offset} into {@code target} at {@code to}.
   */
  public void copyTo(long offset, float[] target, int to, int count) {
    throw new UnsupportedOperationException();
  }

  /** Native-order bytes of this view, at most 2^31 - 1 of them; shares memory. */
  public java.nio.ByteBuffer bytes() {
    throw new UnsupportedOperationException();
  }
}
