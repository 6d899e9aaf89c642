package org.rlhf4j.jobs.quality;

import java.io.Serializable;

/**
 * What the comparisons tell of annotators.
 *
 * @param reliability probability that a comparison says what the strengths say, by annotator; NaN
 *     of those who compared nothing, [A]
 * @param logPosterior of comparisons, strengths and reliabilities, nats
 */
record CrowdFit(double[] reliability, int iterations, boolean isConverged, double logPosterior)
    implements Serializable {}
