package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.rlhf4j.jobs.quality.Resampling.Interval;

class TestPairTally {
  private static final int REPLICATES = 2000;

  @Test
  void intervalOfOneKappaIsThatOfTheory() {
    PairCells pair = new PairCells(REPLICATES);
    add(pair, 0, 0, 400);
    add(pair, 0, 1, 90);
    add(pair, 1, 0, 60);
    add(pair, 1, 1, 450);
    PairTally tally = tally(REPLICATES, pair);

    // kappa and its standard error (Fleiss, Cohen and Everitt 1969) by statsmodels 0.14
    double kappa = 0.6995192307692307;
    double error = 1.96 * 0.07139360269998822 / Math.sqrt(10); // of a tenth of the items
    Interval interval = tally.interval().orElseThrow();
    assertThat(tally.meanKappa().getAsDouble()).isCloseTo(kappa, within(1e-12));
    assertThat(interval.low()).isCloseTo(kappa - error, within(0.1 * error));
    assertThat(interval.high()).isCloseTo(kappa + error, within(0.1 * error));
  }

  @Test
  void ofPairsWithTwoItemsTheIntervalIsAroundTheMeanAndRatherTooWide() {
    PairTally tally = new PairTally(REPLICATES);
    int pairs = 300;
    for (int i = 0; i < pairs; i++) {
      PairCells pair = new PairCells(REPLICATES);
      int other = i % 3 == 0 ? 1 : 0; // two of three pairs have kappa 1, the third -1
      pair.add(CommonItem.key(0, other), key(2 * i));
      pair.add(CommonItem.key(1, 1 - other), key(2 * i + 1));
      pair.end();
      tally.add(pair);
    }

    double mean = 1.0 / 3;
    double error = 1.96 * Math.sqrt((1 - mean * mean) / pairs); // of a mean of 1 and -1
    Interval interval = tally.interval().orElseThrow();
    assertThat(tally.meanKappa().getAsDouble()).isCloseTo(mean, within(1e-12));
    assertThat(mean - interval.low()).isBetween(error, 1.6 * error);
    assertThat(interval.high() - mean).isBetween(error, 1.6 * error);
  }

  @Test
  void aKappaThatNeedsOneItemCountsAsOftenAsItsItem() {
    PairCells agreeing = new PairCells(20);
    add(agreeing, 0, 0, 50);
    add(agreeing, 1, 1, 50);
    PairCells once = new PairCells(20);
    once.add(CommonItem.key(0, 1), key(1000));
    PairCells undefined = new PairCells(20);
    add(undefined, 1, 1, 7);

    PairTally tally = tally(20, agreeing, once, undefined);
    byte[] weights = new byte[20];
    Resampling.fillWeights(key(1000), weights);
    double[] means = new double[20];
    for (int replicate = 0; replicate < means.length; replicate++) {
      means[replicate] = 1.0 / (1 + weights[replicate]); // of 1 and as many zeros
    }

    assertThat(tally.meanKappa().getAsDouble()).isEqualTo(0.5);
    assertThat(tally.interval()).isEqualTo(Resampling.interval(means));
  }

  @Test
  void copiesOfAnItemInItsClusterAddNoCertainty() {
    PairTally once = tally(20, clusters(1));
    PairTally often = tally(20, clusters(36));

    assertThat(often.meanKappa()).isEqualTo(once.meanKappa());
    assertThat(often.interval()).isPresent().isEqualTo(once.interval());
  }

  @Test
  void itemsOfAClusterAreLeftOutTogether() {
    PairCells pair = new PairCells(20);
    add(pair, 0, 0, 30);
    add(pair, 0, 1, 6);
    add(pair, 1, 0, 6);
    add(pair, 1, 1, 20);
    long cluster = key(5000);
    pair.add(CommonItem.key(0, 1), cluster);
    pair.add(CommonItem.key(1, 1), cluster);
    pair.add(CommonItem.key(0, 1), cluster);
    PairTally tally = tally(20, pair);

    double kappa = 1164.0 / 2074; // 51 of 65 equal, 2151 / 65^2 by chance
    double[] means = new double[20];
    Arrays.fill(means, kappa);
    leaveOut(means, 1, 5000, kappa - 1128.0 / 1872);
    leaveOut(means, 30, 0, kappa - 1122.0 / 2018);
    leaveOut(means, 6, 1000, kappa - 1176.0 / 2008);
    leaveOut(means, 6, 2000, kappa - 1180.0 / 2012);
    leaveOut(means, 20, 3000, kappa - 1104.0 / 2000);

    Interval interval = tally.interval().orElseThrow();
    Interval expected = Resampling.interval(means).orElseThrow();
    assertThat(tally.meanKappa().getAsDouble()).isCloseTo(kappa, within(1e-12));
    assertThat(interval.low()).isCloseTo(expected.low(), within(1e-8));
    assertThat(interval.high()).isCloseTo(expected.high(), within(1e-8));
  }

  /** Adds to the replicates what clusters with consecutive keys change. */
  private static void leaveOut(double[] means, int clusters, int first, double lost) {
    byte[] weights = new byte[means.length];
    for (int i = 0; i < clusters; i++) {
      Resampling.fillWeights(key(first + i), weights);
      for (int replicate = 0; replicate < means.length; replicate++) {
        means[replicate] += (weights[replicate] - 1) * lost;
      }
    }
  }

  @Test
  void noBoundIsBeyondAKappa() {
    PairCells pair = new PairCells(REPLICATES);
    add(pair, 0, 0, 40);
    add(pair, 1, 1, 20);
    add(pair, 0, 1, 1);
    Interval interval = tally(REPLICATES, pair).interval().orElseThrow();

    assertThat(interval.low()).isBetween(0.8, 0.95);
    assertThat(interval.high()).isEqualTo(1);
  }

  @Test
  void sameInAnyOrder() {
    PairTally forward = new PairTally(20);
    PairTally backward = new PairTally(20);
    for (int i = 0; i < 10; i++) {
      forward.merge(tally(i));
      backward.merge(tally(9 - i));
    }

    assertThat(forward.interval()).isPresent().isEqualTo(backward.interval());
    assertThat(forward.meanKappa()).isEqualTo(backward.meanKappa());
    assertThat(new PairTally(0).interval()).isEmpty();
  }

  private static PairTally tally(int number) {
    PairCells pair = new PairCells(20);
    add(pair, 0, 0, 10 + number);
    add(pair, 1, 0, number);
    add(pair, 1, 1, 7);
    return tally(20, pair);
  }

  private static PairTally tally(int replicates, PairCells... pairs) {
    PairTally tally = new PairTally(replicates);
    for (PairCells pair : pairs) {
      pair.end();
      tally.add(pair);
    }

    return tally;
  }

  /** Two kinds of labels in twelve clusters, all items of a cluster alike. */
  private static PairCells clusters(int itemsOfEach) {
    PairCells pair = new PairCells(20);
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < itemsOfEach; j++) {
        pair.add(CommonItem.key(i % 2, i % 3 == 0 ? 1 : i % 2), key(i));
      }
    }

    return pair;
  }

  private static void add(PairCells pair, int first, int second, int items) {
    for (int i = 0; i < items; i++) {
      pair.add(CommonItem.key(first, second), key(i + 1000 * (2 * first + second)));
    }
  }

  private static long key(int item) {
    return Resampling.key("item" + item);
  }
}
