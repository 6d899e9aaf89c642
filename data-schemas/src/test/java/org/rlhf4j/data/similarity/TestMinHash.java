package org.rlhf4j.data.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestMinHash {
  private static final int TRIALS = 2_000;
  private static final int SIZE = 100;

  /** Four standard errors. */
  private static final double ERRORS = 4;

  @ParameterizedTest
  @ValueSource(ints = {0, 30, 60, 80, 90, 95})
  void estimatesTheJaccardIndexWithBinomialVariance(int common) {
    Random random = new Random(common);
    double jaccard = common / (2.0 * SIZE - common);
    double sum = 0;
    double squares = 0;
    double sketches = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      int[][] sets = pair(random, common);
      int[] left = MinHash.signature(sets[0]);
      int[] right = MinHash.signature(sets[1]);
      double error = MinHash.estimate(left, right) - jaccard;
      sum += error;
      squares += error * error;
      sketches += MinHash.estimate(MinHash.sketch(left), MinHash.sketch(right)) - jaccard;
    }

    double variance = jaccard * (1 - jaccard) / MinHash.LENGTH;
    double sketchVariance = (1 - jaccard * jaccard) / MinHash.LENGTH;
    assertThat(sum / TRIALS).isCloseTo(0, within(ERRORS * Math.sqrt(variance / TRIALS) + 1e-9));
    assertThat(squares / TRIALS).isCloseTo(variance, within(0.2 * variance + 1e-9));
    assertThat(sketches / TRIALS).isCloseTo(0, within(ERRORS * Math.sqrt(sketchVariance / TRIALS)));
  }

  /** 1 - (1 - J^5)^10. */
  @ParameterizedTest
  @ValueSource(ints = {50, 70, 89, 95})
  void setsMeetInABandAsOftenAsTheorySays(int common) {
    Random random = new Random(common);
    double jaccard = common / (2.0 * SIZE - common);
    int met = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      int[][] sets = pair(random, common);
      met += meets(MinHash.signature(sets[0]), MinHash.signature(sets[1])) ? 1 : 0;
    }

    double expected = 1 - Math.pow(1 - Math.pow(jaccard, 5), MinHash.BANDS);
    double error = Math.sqrt(expected * (1 - expected) / TRIALS);
    assertThat((double) met / TRIALS).isCloseTo(expected, within(ERRORS * error + 1e-3));
  }

  @Test
  void scopesKeepSetsApart() {
    int[] signature = MinHash.signature(new int[] {1, 2, 3});

    assertThat(MinHash.band(signature, 0, 1)).isNotEqualTo(MinHash.band(signature, 0, 2));
    assertThat(MinHash.band(signature, 0, 1)).isNotEqualTo(MinHash.band(signature, 1, 1));
  }

  private static boolean meets(int[] left, int[] right) {
    for (int band = 0; band < MinHash.BANDS; band++) {
      if (MinHash.band(left, band, 0) == MinHash.band(right, band, 0)) {
        return true;
      }
    }

    return false;
  }

  /** Two sets of 100 with so many common elements. */
  private static int[][] pair(Random random, int common) {
    int[] left = random.ints(SIZE).toArray();
    int[] right = left.clone();
    for (int i = common; i < SIZE; i++) {
      right[i] = random.nextInt();
    }

    return new int[][] {left, right};
  }
}
