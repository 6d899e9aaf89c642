package org.rlhf4j.dl4j;

import java.io.Serializable;
import java.util.List;

/**
 * What stays together in a minibatch: one response, a preference pair or a ranked group.
 *
 * @param id stable id: decides the example's place in an epoch
 * @param sequences its sequences, in the objective's order
 */
public record TrainingExample(String id, List<Sequence> sequences) implements Serializable {
  /**
   * One sequence with its targets.
   *
   * @param tokens [L]
   * @param targets ascending indices into tokens, [K]
   * @param channels label channels in the objective's order, [C][K]
   */
  public record Sequence(int[] tokens, int[] targets, float[][] channels) implements Serializable {}
}
