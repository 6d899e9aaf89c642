package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
    PairTally tally = new PairTally(REPLICATES);
    tally.add(pair);

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
      pair.add(PairAgreement.key(0, other), key(2 * i));
      pair.add(PairAgreement.key(1, 1 - other), key(2 * i + 1));
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
    PairTally tally = new PairTally(20);
    PairCells agreeing = new PairCells(20);
    add(agreeing, 0, 0, 50);
    add(agreeing, 1, 1, 50);
    PairCells once = new PairCells(20);
    once.add(PairAgreement.key(0, 1), key(1000));
    PairCells undefined = new PairCells(20);
    add(undefined, 1, 1, 7);
    tally.add(agreeing);
    tally.add(once);
    tally.add(undefined);

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
  void noIntervalWhereItemsAreResampledTogether() {
    PairCells pair = new PairCells(20);
    pair.add(PairAgreement.key(0, 0), key(1));
    pair.add(PairAgreement.key(0, 1), key(1));
    pair.add(PairAgreement.key(1, 1), key(2));
    PairTally tally = tally(3);
    tally.add(pair);

    assertThat(tally.meanKappa()).isPresent();
    assertThat(tally.interval()).isEmpty();
    assertThat(tally(3).merge(tally).interval()).isEmpty();
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
    PairTally tally = new PairTally(20);
    tally.add(pair);
    return tally;
  }

  private static void add(PairCells pair, int first, int second, int items) {
    for (int i = 0; i < items; i++) {
      pair.add(PairAgreement.key(first, second), key(i + 1000 * (2 * first + second)));
    }
  }

  private static long key(int item) {
    return Resampling.key("item" + item);
  }
}
