package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.rlhf4j.rlhf.WilsonInterval;

/** What is not independent counts once. */
class TestClusters {
  private static final int PAIRS = 36; // of nine responses
  private static final long HALF = 1L << 31;

  @Test
  void oneRankingInCommonIsNoSuspicion() {
    PairTest test = PairTest.of(0.01, PAIRS);

    assertThat(suspicions(test, PAIRS, 1)).isEmpty();
    List<PairSuspicion> found = suspicions(test, PAIRS, PAIRS);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).items()).isEqualTo(PAIRS);
    assertThat(found.get(0).agreeing()).isEqualTo(PAIRS);
    assertThat(found.get(0).expected()).isEqualTo(PAIRS / 2.0);
    assertThat(found.get(0).log10Probability()).isCloseTo(PAIRS * Math.log10(0.5), within(1e-9));
  }

  @Test
  void aClusterIsOneTrialWithItsShareOfEqualVotes() {
    PairTrials trials = new PairTrials();
    trials.add(1, true, HALF);
    trials.add(1, false, HALF);
    trials.add(2, true, HALF / 2);
    trials.end();

    assertThat(trials.clusters()).isEqualTo(2);
    assertThat(trials.agreeing()).isEqualTo(1.5);
    assertThat(trials.expected()).isEqualTo(0.75);
    assertThat(trials.items()).isEqualTo(3);
    assertThat(trials.equalItems()).isEqualTo(2);
    assertThat(trials.expectedItems()).isEqualTo(1.25);
  }

  @Test
  void anAccuracyIsNoSurerForManyPairsOfOneRanking() {
    AnnotatorSummary ranking = summary(1);
    AnnotatorSummary pairs = summary(PAIRS);

    assertThat(ranking.low()).isCloseTo(WilsonInterval.of(1, 1).low(), within(1e-12));
    assertThat(ranking.goldClusters()).isEqualTo(1);
    assertThat(ranking.items()).isEqualTo(PAIRS);
    assertThat(pairs.low()).isCloseTo(WilsonInterval.of(1, PAIRS).low(), within(1e-12));
    assertThat(pairs.goldClusters()).isEqualTo(PAIRS);
  }

  private static AnnotatorSummary summary(int clusters) {
    List<Row> votes = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      long cluster = i % clusters;
      votes.add(new AnnotatorVote(0, CodedItem.NO_TIME, cluster, 1, 1, 1, 1L << 32, 0).toRow());
    }

    return new AnnotatorSummaries(votes.iterator(), 1, 20).next();
  }

  private static List<PairSuspicion> suspicions(PairTest test, int items, int clusters) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      long cell = CommonItem.key(i % 2, i % 2);
      rows.add(new CommonItem(CommonItem.key(3, 4), cell, i % clusters, HALF).toRow());
    }

    List<PairSuspicion> found = new ArrayList<>();
    new PairFindings(rows.iterator(), test, 0)
        .forEachRemaining(
            finding -> {
              if (finding instanceof PairSuspicion suspicion) {
                found.add(suspicion);
              }
            });
    return found;
  }
}
