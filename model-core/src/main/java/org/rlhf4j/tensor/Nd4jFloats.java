package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Values in a buffer of ND4J, wherever its backend keeps them. Every access from here goes through
 * ND4J, which moves values between host and device; element by element that is slow.
 */
final class Nd4jFloats extends Floats {
  private final INDArray owner; // keeps the buffer, and frees it
  private final DataBuffer buffer; // no view: offsets of views count from it
  private final long offset;
  private final long length;

  private Nd4jFloats(INDArray owner, DataBuffer buffer, long offset, long length) {
    this.owner = owner;
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
  }

  /** New zeroed values. */
  static Nd4jFloats create(long length) {
    if (length < 0) {
      throw new IllegalArgumentException("Length must not be negative, but is " + length);
    }
    MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces();
    try {
      INDArray array =
          Nd4j.zeros(DataType.FLOAT, Math.max(1, length)); // ND4J knows no empty buffer
      return new Nd4jFloats(array, array.data(), 0, length);
    } finally {
      outside.close();
    }
  }

  /** The values of a contiguous float array, shared. */
  static Nd4jFloats share(INDArray array) {
    requireContiguous(array);
    DataBuffer original = array.data().originalDataBuffer();
    DataBuffer buffer = original == null ? array.data() : original;
    return new Nd4jFloats(array, buffer, array.offset(), array.length());
  }

  /**
   * @throws IllegalArgumentException if the values lie elsewhere
   */
  static Nd4jFloats of(Floats values) {
    if (values instanceof Nd4jFloats here) {
      return here;
    }
    throw new IllegalArgumentException(
        "These values lie in the memory of the kernels "
            + values.kernels()
            + ", not in that of "
            + KernelSet.ND4J);
  }

  /** A view in any shape, of at least one element; strides and {@code from} count elements. */
  INDArray view(long from, long[] shape, long[] stride) {
    return Nd4j.create(buffer, shape, stride, offset + from, 'c');
  }

  /** A view of some values as a vector, [count]. */
  INDArray vector(long from, long count) {
    return view(from, new long[] {count}, new long[] {1});
  }

  @Override
  public KernelSet kernels() {
    return KernelSet.ND4J;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Floats slice(long from, long count) {
    check(from, count);
    return new Nd4jFloats(owner, buffer, offset + from, count);
  }

  @Override
  public float at(long index) {
    check(index, 1);
    return vector(index, 1).getFloat(0);
  }

  @Override
  public void set(long index, float value) {
    check(index, 1);
    vector(index, 1).assign(value);
  }

  @Override
  public void copyFrom(float[] source, int from, long to, int count) {
    check(to, count);
    if (count == 0) {
      return;
    }
    boolean whole = from == 0 && count == source.length;
    float[] values = whole ? source : Arrays.copyOfRange(source, from, from + count);
    vector(to, count).assign(Nd4j.createFromArray(values));
  }

  @Override
  public void copyFrom(Floats source, long to) {
    if (!(source instanceof Nd4jFloats here)) {
      super.copyFrom(source, to);
      return;
    }
    check(to, here.length);
    if (here.length > 0) {
      vector(to, here.length).assign(here.vector(0, here.length));
    }
  }

  @Override
  public void copyTo(long from, float[] target, int to, int count) {
    check(from, count);
    if (count > 0) {
      float[] values = vector(from, count).dup().data().asFloat();
      System.arraycopy(values, 0, target, to, count);
    }
  }

  @Override
  public ByteBuffer bytes() {
    throw notHere();
  }

  @Override
  long address() {
    throw notHere();
  }

  private static IllegalStateException notHere() {
    return new IllegalStateException("These values do not lie in the processor's memory");
  }

  @Override
  public boolean isSameMemoryAs(Floats other) {
    return other instanceof Nd4jFloats here
        && buffer == here.buffer
        && offset == here.offset
        && length == here.length;
  }

  @Override
  void free() {
    owner.close();
  }
}
