package org.rlhf4j.jobs.rollout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Hashes from which ids, seeds and orders are made: the same on every machine, in every attempt and
 * in every version.
 */
public final class StableHash {
  private StableHash() {}

  /** SHA-256 of the parts, in order; 32 bytes. */
  public static byte[] bytes(Object... parts) {
    // Lengths keep ("a", "bc") apart from ("ab", "c").
    String text =
        Stream.of(parts)
            .map(Object::toString)
            .map(part -> part.length() + ":" + part)
            .collect(Collectors.joining());
    return sha256().digest(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The first eight bytes of {@link #bytes}. */
  public static long of(Object... parts) {
    return ByteBuffer.wrap(bytes(parts)).getLong();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
