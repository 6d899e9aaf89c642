package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

class TestPairTest {
  @Test
  void boundIsAboveTheBinomialTailAndNear() {
    BinomialDistribution binomial = new BinomialDistribution(50, 0.6);
    for (int agreeing = 31; agreeing <= 50; agreeing++) {
      double tail = IntStream.rangeClosed(agreeing, 50).mapToDouble(binomial::probability).sum();
      double bound = PairTest.log10Probability(50, agreeing, 30);

      assertThat(bound).isGreaterThanOrEqualTo(Math.log10(tail) - 1e-9);
      assertThat(bound).isLessThan(Math.log10(tail) + 0.7);
    }

    assertThat(PairTest.log10Probability(50, 50, 30)).isCloseTo(50 * Math.log10(0.6), within(1e-9));
    assertThat(PairTest.log10Probability(50, 30, 30)).isZero();
  }

  @Test
  void suspicionNeedsMoreThanSignificance() {
    PairTest test = PairTest.of(0.01, 1_000_000); // at most 1e-7 for one of 100,000 pairs

    assertThat(test.isSuspicious(40, 40, 24)).isTrue(); // 0.6^40
    assertThat(test.isSuspicious(30, 30, 18)).isFalse(); // 0.6^30 is 2e-7
    assertThat(test.isSuspicious(9, 9, 0.1)).isFalse(); // too few items
    assertThat(test.isSuspicious(100_000, 70_000, 60_000)).isFalse(); // sure, but a small excess
  }
}
