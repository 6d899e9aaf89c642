package org.rlhf4j.jobs.rollout;

import java.util.Optional;
import org.rlhf4j.rlhf.Moments;

/**
 * A rollout and its score.
 *
 * @param score after penalties
 * @param deviation between the members of an ensemble
 * @param group moments of the summed rewards of all responses to its prompt; none where nobody
 *     asked for them
 */
record ScoredRollout(
    RolloutTokens rollout, double score, Optional<Double> deviation, Moments group) {
  ScoredRollout(RolloutTokens rollout, double score, Optional<Double> deviation) {
    this(rollout, score, deviation, Moments.NONE);
  }

  ScoredRollout in(Moments newGroup) {
    return new ScoredRollout(rollout, score, deviation, newGroup);
  }
}
