package org.rlhf4j.jobs.rollout;

import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.rlhf.Moments;

/**
 * A rollout and its score.
 *
 * @param group moments of the summed rewards of all responses to its prompt; none where nobody
 *     asked for them
 */
record ScoredRollout(Rollout rollout, Score score, Moments group) {}
