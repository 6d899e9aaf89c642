package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TestTimeWindows {
  private static final double UNIT = 0x1p32;

  @Test
  void windowsHoldEqualNumbersOfVotes() {
    TimeWindows windows = windows(701, vote -> 0.1);

    // 20 votes, then 40, then 80: eight full windows and 61 votes more, which are more than half
    assertThat(windows.list()).extracting(TimeWindow::votes).containsOnly(80L, 61L).hasSize(9);
    assertThat(windows.list().get(1).start()).isEqualTo(80);
    assertThat(windows.list().get(1).end()).isEqualTo(159);
    assertThat(windows.list().get(0).agreement()).isEqualTo(0.5);
    assertThat(windows.probability()).isEqualTo(1); // no variance, no change
  }

  @Test
  void restJoinsTheWindowBefore() {
    assertThat(windows(45, vote -> 0.1).list())
        .extracting(TimeWindow::votes)
        .containsExactly(20L, 25L);
  }

  @Test
  void statisticIsThatOfTheRegressionOnTheWindows() {
    // two windows of 20: means 0.2 and -0.2, variance 0.04 + 0.09, statistic 40 * 0.04/0.13
    TimeWindows windows = windows(40, v -> (v < 20 ? 0.2 : -0.2) + (v % 2 == 0 ? 0.3 : -0.3));

    double root = Math.sqrt(40 * 0.04 / 0.13);
    assertThat(windows.probability()).isCloseTo(4.52e-4, within(5e-6)); // R: pchisq(12.308, 1)
    assertThat(windows.list().get(0).deviation()).isCloseTo(root / Math.sqrt(2), within(1e-6));
    assertThat(windows.list().get(1).deviation()).isCloseTo(-root / Math.sqrt(2), within(1e-6));
  }

  @Test
  void chanceIsAsFrequentAsItSays() {
    Random random = new Random(1);
    int below = 0;
    for (int run = 0; run < 2000; run++) {
      below +=
          windows(400, v -> random.nextDouble() < 0.7 ? 0.3 : -0.7).probability() < 0.1 ? 1 : 0;
    }

    assertThat(below).isBetween(160, 240); // 200, three standard errors of 13
  }

  @Test
  void coarseTimesTellNothing() {
    TimeWindows windows = new TimeWindows();
    for (int v = 0; v < 100; v++) {
      windows.add(7, 2, 1, v < 50 ? 1 : 0);
    }

    assertThat(windows.probability()).isNaN();
    assertThat(new TimeWindows().list()).isEqualTo(List.of());
  }

  private interface Residual {
    double of(int vote);
  }

  private static TimeWindows windows(int votes, Residual residual) {
    TimeWindows windows = new TimeWindows();
    for (int v = 0; v < votes; v++) {
      windows.add(v, 2, 1, Math.round(residual.of(v) * UNIT));
    }

    windows.finish();
    return windows;
  }
}
