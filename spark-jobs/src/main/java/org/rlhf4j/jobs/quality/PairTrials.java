package org.rlhf4j.jobs.quality;

/**
 * Equal votes of two annotators on their common items, cluster by cluster: the items of a cluster
 * are one trial, with the share of equal votes among them. Shares are integers in units of 2^-32.
 */
final class PairTrials {
  private long clusters;
  private long agreeing;
  private long expected;
  private long items;
  private long equalItems;
  private long expectedItems;

  /** Of the cluster at hand. */
  private long cluster;

  private long size;
  private long equal;
  private long chance;

  /**
   * @param of the cluster, not before that of the item before
   * @param probability of equal votes, in units of 2^-32
   */
  void add(long of, boolean isEqual, long probability) {
    if (size > 0 && of != cluster) {
      end();
    }

    cluster = of;
    size++;
    equal += isEqual ? 1 : 0;
    chance += probability;
  }

  /** To be called after the last item. */
  void end() {
    clusters++;
    agreeing += Math.round(equal * FixedPoint.UNIT / size);
    expected += Math.round((double) chance / size);
    items += size;
    equalItems += equal;
    expectedItems += chance;
    size = 0;
    equal = 0;
    chance = 0;
  }

  long clusters() {
    return clusters;
  }

  /** Sum of the clusters' shares of equal votes. */
  double agreeing() {
    return PairAgreement.probability(agreeing);
  }

  /** Sum of the clusters' expected shares. */
  double expected() {
    return PairAgreement.probability(expected);
  }

  long items() {
    return items;
  }

  long equalItems() {
    return equalItems;
  }

  double expectedItems() {
    return PairAgreement.probability(expectedItems);
  }
}
