package org.rlhf4j.jobs.quality;

/**
 * What a fitted model expects of votes on one item from the other votes there. A vote's own part is
 * taken out, so that nobody confirms himself.
 */
interface OtherVotes {
  /**
   * By how much the label that was given is more probably right than the label that was to be
   * expected of this annotator: q(l) - sum over l' of P(l') q(l'), with q the probability of being
   * right and P that of being given, both from the other votes. Mean 0 if the model holds.
   */
  double residual(int vote);

  /** Probability that two annotators who vote on their own give the same label. */
  double agreement(int vote, int other);
}
