package org.rlhf4j.decoder;

/**
 * Sequences of unequal length, packed without padding, and the tokens whose output is wanted.
 *
 * @param tokens all sequences one after the other, [N]
 * @param offsets start of each sequence in {@code tokens} and, last, N, [B + 1]
 * @param targets ascending indices into {@code tokens}, [K]. A language model's output k is the
 *     log-probability of {@code tokens[targets[k]]} given what stands before it in its sequence (so
 *     a target is never the first token of a sequence); a scalar head's output k is its scalar at
 *     {@code tokens[targets[k]]}
 */
public record TokenBatch(int[] tokens, int[] offsets, int[] targets) {
  public int size() {
    return offsets.length - 1;
  }
}
