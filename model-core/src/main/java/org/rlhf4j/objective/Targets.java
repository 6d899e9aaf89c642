package org.rlhf4j.objective;

/**
 * The targets of a minibatch, grouped by sequence and the sequences by example.
 *
 * @param sequences index of the sequence each target stands in, ascending, [K]
 * @param examples index of the example each sequence belongs to, ascending, [B]; a preference pair
 *     is one example of two sequences, chosen first
 * @param channels label channels in the objective's order, [C][K]
 */
public record Targets(int[] sequences, int[] examples, float[][] channels) {
  public int count() {
    return sequences.length;
  }
}
