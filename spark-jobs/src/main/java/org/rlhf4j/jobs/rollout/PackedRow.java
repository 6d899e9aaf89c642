package org.rlhf4j.jobs.rollout;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.rlhf4j.data.dataset.Score;

/**
 * A rollout or a score as bytes, in which form it crosses a shuffle: arrays are copied as they are,
 * while Java's serialisation of the records takes several times as long as all else that is done
 * with them.
 *
 * <p>Little endian: the kind in one byte, then of a score the number and, where there is one, the
 * deviation; of a rollout prompt id and arrays, each behind its length (-1 for none).
 */
final class PackedRow {
  private static final byte ROLLOUT = 0;
  private static final byte SCORE = 1;
  private static final int NONE = -1;

  private PackedRow() {}

  static byte[] of(RolloutTokens rollout) {
    byte[] promptId = rollout.promptId().getBytes(StandardCharsets.UTF_8);
    float[] refLogprobs = rollout.refLogprobs().orElse(null);
    float[] values = rollout.values().orElse(null);
    int numbers =
        rollout.promptTokens().length
            + rollout.responseTokens().length
            + rollout.logprobs().length
            + length(refLogprobs)
            + length(values);
    byte[] row = new byte[1 + 6 * Integer.BYTES + promptId.length + numbers * Integer.BYTES];
    ByteBuffer bytes = ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(ROLLOUT).putInt(promptId.length).put(promptId);
    put(bytes, rollout.promptTokens());
    put(bytes, rollout.responseTokens());
    put(bytes, rollout.logprobs());
    put(bytes, refLogprobs);
    put(bytes, values);
    return row;
  }

  static byte[] of(Score score) {
    byte[] row = new byte[1 + (score.deviation().isPresent() ? 2 : 1) * Double.BYTES];
    ByteBuffer bytes = ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(SCORE).putDouble(score.score());
    score.deviation().ifPresent(bytes::putDouble);
    return row;
  }

  static boolean isScore(byte[] row) {
    return row[0] == SCORE;
  }

  /** A response from its two rows. */
  static ScoredRollout scored(String rolloutId, byte[] rollout, byte[] score) {
    ByteBuffer bytes = ByteBuffer.wrap(score, 1, score.length - 1).order(ByteOrder.LITTLE_ENDIAN);
    double number = bytes.getDouble();
    Optional<Double> deviation =
        bytes.hasRemaining() ? Optional.of(bytes.getDouble()) : Optional.empty();
    return new ScoredRollout(rollout(rolloutId, rollout), number, deviation);
  }

  private static RolloutTokens rollout(String rolloutId, byte[] row) {
    ByteBuffer bytes = ByteBuffer.wrap(row, 1, row.length - 1).order(ByteOrder.LITTLE_ENDIAN);
    byte[] promptId = new byte[bytes.getInt()];
    bytes.get(promptId);
    return new RolloutTokens(
        rolloutId,
        new String(promptId, StandardCharsets.UTF_8),
        ints(bytes),
        ints(bytes),
        floats(bytes).orElseThrow(),
        floats(bytes),
        floats(bytes));
  }

  private static int length(float[] values) {
    return values == null ? 0 : values.length;
  }

  private static void put(ByteBuffer bytes, int[] values) {
    bytes.putInt(values.length).asIntBuffer().put(values);
    bytes.position(bytes.position() + values.length * Integer.BYTES);
  }

  private static void put(ByteBuffer bytes, float[] values) {
    if (values == null) {
      bytes.putInt(NONE);
      return;
    }
    bytes.putInt(values.length).asFloatBuffer().put(values);
    bytes.position(bytes.position() + values.length * Float.BYTES);
  }

  private static int[] ints(ByteBuffer bytes) {
    int[] values = new int[bytes.getInt()];
    bytes.asIntBuffer().get(values);
    bytes.position(bytes.position() + values.length * Integer.BYTES);
    return values;
  }

  private static Optional<float[]> floats(ByteBuffer bytes) {
    int length = bytes.getInt();
    if (length == NONE) {
      return Optional.empty();
    }
    float[] values = new float[length];
    bytes.asFloatBuffer().get(values);
    bytes.position(bytes.position() + length * Float.BYTES);
    return Optional.of(values);
  }
}
