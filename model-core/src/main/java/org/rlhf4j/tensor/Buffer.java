package org.rlhf4j.tensor;

import java.util.function.LongFunction;

/** Memory for intermediate values that only grows; what it holds is lost when it grows. */
public final class Buffer implements AutoCloseable {
  private final LongFunction<? extends Floats> allocator;
  private Floats floats;

  /** In the memory of these kernels. */
  public Buffer(Kernels kernels) {
    this(kernels::allocate);
  }

  /** In the memory of this set. */
  public Buffer(KernelSet kernels) {
    this(kernels::allocate);
  }

  Buffer(LongFunction<? extends Floats> allocator) {
    this.allocator = allocator;
    this.floats = allocator.apply(0);
  }

  /** At least {@code length} values, not cleared. */
  public Floats atLeast(long length) {
    if (floats.length() < length) {
      floats.free();
      floats = allocator.apply(length);
    }
    return floats;
  }

  /** A matrix without gaps in this memory, not cleared. */
  public Matrix matrix(int rows, int columns) {
    return Matrix.of(atLeast((long) rows * columns), rows, columns);
  }

  /** Frees the memory; no view of it may be used afterwards. */
  @Override
  public void close() {
    floats.free();
    floats = allocator.apply(0);
  }
}
