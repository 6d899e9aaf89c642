package org.rlhf4j.decoder;

/**
 * Random numbers as a function of (key, counter), without state: the mixing function of SplitMix64
 * (Steele, Lea, Flood 2014) applied to a keyed counter.
 */
public final class CounterRandom {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final double UNIT = 0x1.0p-53;

  private CounterRandom() {}

  /** A well-mixed key from a seed and a name. */
  public static long key(long seed, byte[] name) {
    long key = mix(seed + GOLDEN_GAMMA);
    for (byte letter : name) {
      key = mix(key * 31 + letter + GOLDEN_GAMMA);
    }
    return key;
  }

  /**
   * 64 random bits.
   *
   * @param key well mixed: a small number, such as a seed itself, gives no random bits
   */
  public static long bits(long key, long counter) {
    return mix(mix(key + GOLDEN_GAMMA) ^ mix(counter * GOLDEN_GAMMA + GOLDEN_GAMMA));
  }

  /** Uniform in [0, 1), for a well-mixed key. */
  public static double uniform(long key, long counter) {
    return (bits(key, counter) >>> 11) * UNIT;
  }

  /** Standard normal, by Box and Muller's transform. */
  public static double normal(long key, long counter) {
    double radius = Math.sqrt(-2.0 * Math.log(1.0 - uniform(key, 2 * counter)));
    return radius * Math.cos(2.0 * Math.PI * uniform(key, 2 * counter + 1));
  }

  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
