package org.rlhf4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestBestOfN {
  private static final double ROUNDING = 1e-12;
  private static final double[] SCORES = {0.3, -1.0, 2.5, 0.4, 1.1, -0.2};
  private static final double[] GOLD = {1.0, 3.0, -2.0, 0.5, 4.0, 0.25};

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void expectedValueIsTheMeanOverAllChoices(int n) {
    double sum = 0;
    int choices = 0;
    for (int set = 0; set < 1 << SCORES.length; set++) {
      if (Integer.bitCount(set) == n) {
        sum += GOLD[best(set)];
        choices++;
      }
    }
    assertThat(BestOfN.expectedValue(SCORES, GOLD, n)).isCloseTo(sum / choices, within(ROUNDING));
  }

  private static int best(int set) {
    int best = -1;
    for (int i = 0; i < SCORES.length; i++) {
      if ((set >> i & 1) == 1 && (best < 0 || SCORES[i] > SCORES[best])) {
        best = i;
      }
    }
    return best;
  }

  @Test
  void distanceGrowsFromZero() {
    assertThat(BestOfN.kl(1)).isZero();
    // Of N equally likely responses the best of 2 is the k-th lowest with (2 k - 1) / N^2.
    double kl = 0;
    int ranks = 4096;
    for (int k = 1; k <= ranks; k++) {
      double p = (2.0 * k - 1) / ranks / ranks;
      kl += p * Math.log(p * ranks);
    }
    assertThat(BestOfN.kl(2)).isCloseTo(kl, within(1e-3));
  }

  @Test
  void moreThanThereAreIsRefused() {
    assertThatThrownBy(() -> BestOfN.expectedValue(SCORES, GOLD, 7))
        .hasMessage("The best of 7 needs as many scores and values, but there are 6");
  }
}
