package org.rlhf4j.jobs.evaluate;

import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.EnsembleConfig;
import org.rlhf4j.config.EvaluateConfig;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.jobs.rollout.StableHash;

/**
 * How models are judged.
 *
 * @param ensemble reward models beside the one that is judged; together they judge the policies
 * @param seed of the run; the evaluation's own seed is made from it
 */
public record EvaluateSettings(
    EvaluateConfig evaluate,
    GenerationConfig generation,
    DataConfig data,
    ScoreConfig score,
    EnsembleConfig ensemble,
    long seed) {
  /** Another seed than the training's, and the same for every policy. */
  long evaluationSeed() {
    return StableHash.of("evaluation", seed);
  }
}
