package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.config.ScoreConfig;

/**
 * Everything a sampling task must know; small, because it travels with every task.
 *
 * @param score how the reward model's scores become those by which it chooses
 * @param seed of the run
 * @param iteration part of each rollout's identity; 0 outside an on-policy loop
 * @param threads kernel threads of one task
 * @param cut counts the texts that the reward model's context does not hold
 */
record RolloutPlan(
    RolloutModels models,
    GenerationConfig generation,
    ScoreConfig score,
    DataConfig data,
    long seed,
    long iteration,
    int threads,
    CutTexts cut)
    implements Serializable {}
