package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A view of consecutive float32 values outside the Java heap, in the memory that some {@link
 * Kernels} work on.
 *
 * <p>Reads and writes are not synchronised; a view keeps its memory reachable.
 */
public abstract sealed class Floats permits HostFloats, Nd4jFloats {
  private static final int CHUNK = 1 << 16; // values

  /** New zeroed values in the memory of the {@linkplain KernelSet#current current} kernels. */
  public static Floats allocate(long length) {
    return KernelSet.current().allocate(length);
  }

  /**
   * The values of a contiguous float array of ND4J, shared, not copied, for the {@linkplain
   * KernelSet#current current} kernels; keeps the array reachable.
   */
  public static Floats of(INDArray array) {
    return KernelSet.current().share(array);
  }

  /** The kernels that work on this memory. */
  public abstract KernelSet kernels();

  public abstract long length();

  /** A view of {@code length} values from {@code offset} on, sharing memory. */
  public abstract Floats slice(long offset, long length);

  public abstract float at(long index);

  public abstract void set(long index, float value);

  /**
   * Copies {@code count} values of {@code source} from {@code from} to this view at {@code offset}.
   */
  public abstract void copyFrom(float[] source, int from, long offset, int count);

  /**
   * Copies {@code count} values of this view at {@code offset} into {@code target} at {@code to}.
   */
  public abstract void copyTo(long offset, float[] target, int to, int count);

  /** Copies all of {@code source}, of whatever memory, to this view at {@code offset}. */
  public void copyFrom(Floats source, long offset) {
    check(offset, source.length());
    float[] chunk = new float[(int) Math.min(CHUNK, source.length())];
    for (long done = 0; done < source.length(); done += chunk.length) {
      int count = (int) Math.min(chunk.length, source.length() - done);
      source.copyTo(done, chunk, 0, count);
      copyFrom(chunk, 0, offset + done, count);
    }
  }

  /**
   * Native-order bytes of this view, at most 2^31 - 1 of them; shares memory.
   *
   * @throws IllegalStateException if the values do not lie in the processor's memory
   */
  public abstract ByteBuffer bytes();

  /** Whether both are views of the same values. */
  public abstract boolean isSameMemoryAs(Floats other);

  /** Frees memory that was allocated for this view; no view of it may be used afterwards. */
  abstract void free();

  /**
   * Where the first value lies.
   *
   * @throws IllegalStateException if that is not the processor's memory
   */
  abstract long address();

  static void requireContiguous(INDArray array) {
    if (array.dataType() != DataType.FLOAT || array.ordering() != 'c' || isStrided(array)) {
      throw new IllegalArgumentException(
          "Only contiguous float arrays can be shared, but this one is "
              + array.shapeInfoToString());
    }
  }

  private static boolean isStrided(INDArray array) {
    long expected = 1;
    for (int dimension = array.rank() - 1; dimension >= 0; dimension--) {
      if (array.size(dimension) != 1 && array.stride(dimension) != expected) {
        return true;
      }
      expected *= array.size(dimension);
    }
    return false;
  }

  final void check(long offset, long count) {
    if (offset < 0 || count < 0 || offset > length() - count) {
      throw new IndexOutOfBoundsException(
          "Values " + offset + " to " + (offset + count) + " of a view of " + length());
    }
  }
}
