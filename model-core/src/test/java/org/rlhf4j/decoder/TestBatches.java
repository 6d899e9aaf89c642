package org.rlhf4j.decoder;

import java.util.stream.IntStream;

/** Batches for tests. */
public final class TestBatches {
  private TestBatches() {}

  /** The sequences packed; targets are all their tokens from place {@code first} on. */
  public static TokenBatch of(int first, int[]... sequences) {
    int[] offsets = new int[sequences.length + 1];
    for (int i = 0; i < sequences.length; i++) {
      offsets[i + 1] = offsets[i] + sequences[i].length;
    }
    int[] tokens =
        IntStream.range(0, sequences.length)
            .boxed()
            .flatMapToInt(i -> IntStream.of(sequences[i]))
            .toArray();
    int[] targets =
        IntStream.range(0, sequences.length)
            .boxed()
            .flatMapToInt(i -> IntStream.range(offsets[i] + first, offsets[i + 1]))
            .toArray();
    return new TokenBatch(tokens, offsets, targets);
  }

  /** Random sequences of these lengths. */
  public static int[][] sequences(int vocabularySize, long seed, int... lengths) {
    java.util.Random random = new java.util.Random(seed);
    int[][] sequences = new int[lengths.length][];
    for (int i = 0; i < lengths.length; i++) {
      sequences[i] = random.ints(lengths[i], 0, vocabularySize).toArray();
    }
    return sequences;
  }
}
