package org.rlhf4j.jobs.train;

import java.util.Map;

/**
 * What one optimiser step reports, of its minibatch before the update.
 *
 * @param step counted from 1 over the learner's life
 * @param values metric name to value
 */
public record StepMetrics(long step, Map<String, Double> values) {}
