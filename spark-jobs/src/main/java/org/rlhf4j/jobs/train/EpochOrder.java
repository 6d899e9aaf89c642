package org.rlhf4j.jobs.train;

/**
 * An epoch's order: examples stand by a hash of epoch seed and id, whatever partition holds them.
 */
final class EpochOrder {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private EpochOrder() {}

  /** 64-bit hash of an id: FNV-1a over its characters, mixed. */
  static long idHash(String id) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * FNV_PRIME;
    }
    return mix(hash);
  }

  /** Place of an example in the epoch of a seed: examples are taken in ascending order of it. */
  static long key(long epochSeed, long idHash) {
    return mix(idHash ^ mix(epochSeed));
  }

  /** Finaliser of splitmix64 (Steele, Lea and Flood 2014), a bijection. */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
