package org.rlhf4j.jobs.rollout;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Identity of one rollout and, with it, its random numbers: a hash of run seed, iteration, prompt
 * and sample index, never of partition, attempt or time, so that a retried task samples the same
 * response.
 *
 * @param id 32 hexadecimal digits
 * @param seed key of the row's random numbers
 */
public record RolloutKey(String id, long seed) {
  private static final int ID_BYTES = 16;

  /**
   * @param iteration 0 outside a loop
   * @param sampleIndex which of the prompt's responses, from 0
   */
  public static RolloutKey of(long runSeed, long iteration, String promptId, int sampleIndex) {
    byte[] hash = StableHash.bytes(runSeed, iteration, promptId, sampleIndex);
    long seed = ByteBuffer.wrap(hash, ID_BYTES, Long.BYTES).getLong();
    return new RolloutKey(HexFormat.of().formatHex(hash, 0, ID_BYTES), seed);
  }
}
