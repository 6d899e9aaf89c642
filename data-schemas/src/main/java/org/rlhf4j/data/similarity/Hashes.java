package org.rlhf4j.data.similarity;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Hashes of 64 bits, the same on any machine; not for ids, which have to withstand attacks. */
public final class Hashes {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
  private static final long PRIME = 0x100000001b3L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Hashes() {}

  /** Hash of a text: FNV-1a over its characters, mixed. */
  public static long of(CharSequence text) {
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }

    return mix(hash);
  }

  /** Hash of bytes, eight at a time. */
  public static long of(byte[] bytes) {
    long hash = bytes.length;
    int i = 0;
    for (; i + Long.BYTES <= bytes.length; i += Long.BYTES) {
      hash = append(hash, (long) LONGS.get(bytes, i));
    }

    for (; i < bytes.length; i++) {
      hash = append(hash, bytes[i]);
    }

    return hash;
  }

  /** Variant 13 of Stafford's finalisers, as in SplitMix64: every bit depends on every bit. */
  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Hash of a sequence that so far has the hash {@code before}. */
  public static long append(long before, long next) {
    return mix((before + GOLDEN_GAMMA) ^ next);
  }

  /** Number {@code index} of the sequence with the seed; SplitMix64. */
  static long random(long seed, int index) {
    return mix(seed + (index + 1) * GOLDEN_GAMMA);
  }
}
