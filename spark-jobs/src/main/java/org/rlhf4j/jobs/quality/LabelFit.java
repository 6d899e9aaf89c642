package org.rlhf4j.jobs.quality;

import java.io.Serializable;

/**
 * A fitted model of the annotators.
 *
 * @param parameters as {@link LabelModel#maximize} gives them
 * @param iterations of expectation maximisation
 * @param isConverged whether the likelihood had stopped to grow
 * @param logLikelihood of all votes before the last maximisation, nats
 */
record LabelFit(
    LabelModel model,
    double[] parameters,
    int iterations,
    boolean isConverged,
    double logLikelihood)
    implements Serializable {
  Posterior posterior(CodedItem item) {
    return model.posterior(item, parameters);
  }
}
