package org.rlhf4j.jobs.rollout;

import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.Score;

/** A rollout and its score. */
record ScoredRollout(Rollout rollout, Score score) {}
