package org.rlhf4j.tensor;

/** What tests need to know of the machine. */
public final class Processor {
  private static final int AVX512_LANES = 16;

  private Processor() {}

  /**
   * Whether vectors have the length of AVX-512; the libraries of products then take their kernels
   * for it, unless told.
   */
  public static boolean hasAvx512() {
    return Lanes.WIDTH == AVX512_LANES;
  }
}
