package org.rlhf4j.data.dataset;

import java.io.Serializable;
import java.util.Optional;

/** The reward model's judgement of one response. */
@Schema(name = "scores", doc = "The reward model's scalar for one response")
public record Score(
    @Column("The response it belongs to") String rolloutId,
    @Column("Scalar at the last response token, in the reward model's unit") double rawScore,
    @Column("The score after penalties") double score,
    @Column("Rule that changed the raw score") Optional<String> penalty,
    @Column("Standard deviation between the members of an ensemble") Optional<Double> deviation)
    implements Serializable {
  /** Of one reward model. */
  public Score(String rolloutId, double rawScore, double score, Optional<String> penalty) {
    this(rolloutId, rawScore, score, penalty, Optional.empty());
  }

  private Object writeReplace() {
    return SerializedRow.of(this);
  }
}
