package org.rlhf4j.tensor;

/** What tests need to know of the machine. */
public final class Processor {
  private static final int AVX512_LANES = 16;

  private Processor() {}

  /** Whether OpenBLAS takes its kernels for AVX-512, and vectors are as long. */
  public static boolean hasAvx512() {
    return Lanes.WIDTH == AVX512_LANES;
  }
}
