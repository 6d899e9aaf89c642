package org.rlhf4j.jobs.quality;

/**
 * Two annotators, by number, whose votes hardly come from two people.
 *
 * @param items in common
 * @param agreeing items with equal votes
 * @param expected number of equal votes of two people
 * @param log10Probability logarithm of the probability of so many equal votes by chance
 */
record PairSuspicion(
    int annotator, int other, long items, long agreeing, double expected, double log10Probability)
    implements PairFinding {}
