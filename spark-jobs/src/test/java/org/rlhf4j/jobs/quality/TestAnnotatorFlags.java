package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rlhf4j.config.QualityConfig;

class TestAnnotatorFlags {
  private static final int OTHERS = 20;

  /** Half of the paces and more are equal, so that their median deviation is 0. */
  @Test
  void oneWhoIsFasterThanAllTheOthersIsFlagged() {
    double[] paces = new double[OTHERS + 1];
    Arrays.fill(paces, Math.log(60));
    paces[OTHERS] = Math.log(3600);

    AnnotatorFlags flags = AnnotatorFlags.of(new int[0], 0, paces, QualityConfig.DEFAULTS);

    // a mean deviation of log(60)/21 times 1.2533
    assertThat(flags.paceDeviation(summary(3600))).isCloseTo(21 / 1.2533, within(1e-9));
    assertThat(flags.of(summary(3600))).containsExactly("fast");
    assertThat(flags.paceDeviation(summary(60))).isZero();
    assertThat(flags.of(summary(1))).containsExactly("slow");
  }

  @Test
  void equalPacesHaveNoOutlier() {
    double[] paces = new double[OTHERS];
    Arrays.fill(paces, Math.log(60));

    AnnotatorFlags flags = AnnotatorFlags.of(new int[0], 0, paces, QualityConfig.DEFAULTS);

    assertThat(flags.paceDeviation(summary(60))).isNaN();
    assertThat(flags.of(summary(60))).isEmpty();
  }

  private static AnnotatorSummary summary(double votesPerHour) {
    return new AnnotatorSummary(
        0, 9, 0, 0, 0, 0, 0, 0.5, Double.NaN, Double.NaN, List.of(), Double.NaN, votesPerHour);
  }
}
