package org.rlhf4j.jobs.train;

import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.TrainerConfig;

/**
 * Everything that shapes supervised training apart from its model and rows.
 *
 * @param seed of the run
 */
public record TrainingSettings(
    OptimizerConfig optimizer,
    TrainerConfig trainer,
    LoraConfig lora,
    DataConfig data,
    long seed) {}
