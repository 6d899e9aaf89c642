package org.rlhf4j.jobs.quality;

import java.io.Serializable;

/** A fitted model of the annotators. */
final class LabelFit implements Serializable {
  private static final long serialVersionUID = 1L;

  private final LabelModel model;
  private final double[] parameters;
  private final int iterations;
  private final boolean isConverged;
  private final double logLikelihood;

  /** Made where it is first asked for. */
  private transient double[] probabilities;

  /**
   * @param parameters logarithms of probabilities, laid out as {@link LabelModel#maximize} gives
   *     them
   * @param iterations passes over the votes
   * @param isConverged whether the posterior had stopped to grow
   * @param logLikelihood of all votes under these parameters, nats
   */
  LabelFit(
      LabelModel model,
      double[] parameters,
      int iterations,
      boolean isConverged,
      double logLikelihood) {
    this.model = model;
    this.parameters = parameters;
    this.iterations = iterations;
    this.isConverged = isConverged;
    this.logLikelihood = logLikelihood;
  }

  LabelModel model() {
    return model;
  }

  double[] parameters() {
    return parameters;
  }

  int iterations() {
    return iterations;
  }

  boolean isConverged() {
    return isConverged;
  }

  double logLikelihood() {
    return logLikelihood;
  }

  /** The parameters, which are logarithms, as probabilities. */
  synchronized double[] probabilities() {
    if (probabilities == null) {
      probabilities = new double[parameters.length];
      for (int i = 0; i < parameters.length; i++) {
        probabilities[i] = Math.exp(parameters[i]);
      }
    }

    return probabilities;
  }

  Posterior posterior(CodedItem item) {
    return model.posterior(item, parameters);
  }

  OtherVotes others(CodedItem item) {
    return model.others(item, this);
  }
}
