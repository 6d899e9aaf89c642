package org.rlhf4j.tensor;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Values in the memory of the processor, for native libraries (by address) and the Vector API (by
 * {@link #bytes}) alike. Memory that this class allocates is 64-byte aligned.
 */
final class HostFloats extends Floats {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final int ALIGNMENT_BYTES = 64;

  private final Object owner; // keeps the memory reachable
  private final long address;
  private final long length;
  private final FloatIndexer indexer;
  private volatile ByteBuffer bytes; // made on first use

  private HostFloats(Object owner, long address, long length) {
    this.owner = owner;
    this.address = address;
    this.length = length;
    this.indexer = FloatIndexer.create(new Address(address, length));
  }

  /** New zeroed values, freed when unreachable or by the arena that owns them. */
  static HostFloats create(long length) {
    if (length < 0) {
      throw new IllegalArgumentException("Length must not be negative, but is " + length);
    }
    long size = Math.addExact(Math.multiplyExact(length, Float.BYTES), ALIGNMENT_BYTES);
    Pointer block = Pointer.calloc(1, size);
    if (block == null || block.isNull()) {
      throw new OutOfMemoryError("No memory outside the heap for " + size + " bytes");
    }
    Cleaner.Cleanable release = CLEANER.register(block, new Release(block.address()));
    long aligned = (block.address() + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
    return new HostFloats(new Block(block, release), aligned, length);
  }

  /**
   * The values of a contiguous float array of ND4J, shared, not copied; keeps the array reachable.
   */
  static HostFloats share(INDArray array) {
    requireContiguous(array);
    return new HostFloats(array, array.data().addressPointer().address(), array.length());
  }

  @Override
  public KernelSet kernels() {
    return KernelSet.CPU;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Floats slice(long offset, long length) {
    check(offset, length);
    return new HostFloats(owner, address + offset * Float.BYTES, length);
  }

  @Override
  public float at(long index) {
    return indexer.get(index);
  }

  @Override
  public void set(long index, float value) {
    indexer.put(index, value);
  }

  @Override
  public void copyFrom(float[] source, int from, long offset, int count) {
    check(offset, count);
    new Address(address + offset * Float.BYTES, count).put(source, from, count);
  }

  @Override
  public void copyFrom(Floats source, long offset) {
    if (!(source instanceof HostFloats host)) {
      super.copyFrom(source, offset);
      return;
    }
    check(offset, host.length);
    Pointer.memcpy(
        new Address(address + offset * Float.BYTES, host.length),
        new Address(host.address, host.length),
        host.length * Float.BYTES);
  }

  @Override
  public void copyTo(long offset, float[] target, int to, int count) {
    check(offset, count);
    new Address(address + offset * Float.BYTES, count).get(target, to, count);
  }

  @Override
  public ByteBuffer bytes() {
    ByteBuffer view = bytes;
    if (view == null) {
      if (length > Integer.MAX_VALUE / Float.BYTES) {
        throw new IllegalStateException(
            "A view of " + length + " values is too long for a byte buffer; take slices");
      }
      view = length == 0 ? ByteBuffer.allocateDirect(0) : view();
      bytes = view;
    }
    return view;
  }

  private ByteBuffer view() {
    BytePointer pointer = new BytePointer(new Address(address, length));
    pointer.capacity(length * Float.BYTES);
    return pointer.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  @Override
  void free() {
    if (owner instanceof Block block) {
      block.release.clean();
    }
  }

  @Override
  public boolean isSameMemoryAs(Floats other) {
    return other instanceof HostFloats host && address == host.address && length == host.length;
  }

  @Override
  long address() {
    return address;
  }

  /** A pointer that owns nothing and may be moved. */
  static final class Address extends FloatPointer {
    Address(long address, long length) {
      super((Pointer) null);
      this.address = address;
      this.limit = length;
      this.capacity = length;
    }

    Address moveTo(long newAddress) {
      this.address = newAddress;
      return this;
    }
  }

  /** Allocated memory and the action that frees it. */
  private record Block(Pointer pointer, Cleaner.Cleanable release) {}

  /** Frees a block; must not refer to it. */
  private record Release(long address) implements Runnable {
    @Override
    public void run() {
      Pointer.free(new Address(address, 0));
    }
  }
}
