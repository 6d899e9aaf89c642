package org.rlhf4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rlhf4j.rlhf.OverOptimisation.Form;

class TestOverOptimisation {
  private static final double ROUNDING = 1e-9;
  private static final double[] DISTANCES = {0, 0.5, 1, 1.5, 2.5, 4};

  @ParameterizedTest
  @EnumSource
  void aCurveIsFoundFromItsPoints(Form form) {
    OverOptimisation curve = new OverOptimisation(form, 1.7, 0.4);
    double[] gains = new double[DISTANCES.length];
    for (int i = 1; i < gains.length; i++) {
      gains[i] = curve.gain(DISTANCES[i]);
    }

    OverOptimisation found = OverOptimisation.fit(form, DISTANCES, gains);

    assertThat(found.alpha()).isCloseTo(1.7, within(ROUNDING));
    assertThat(found.beta()).isCloseTo(0.4, within(ROUNDING));
  }

  @ParameterizedTest
  @EnumSource
  void thePeakIsTheHighestPoint(Form form) {
    OverOptimisation curve = new OverOptimisation(form, 1.7, 0.8);
    double peak = curve.peak();
    assertThat(curve.gain(peak)).isGreaterThan(curve.gain(peak * 1.01));
    assertThat(curve.gain(peak)).isGreaterThan(curve.gain(peak * 0.99));
  }

  @Test
  void withoutDeclineThereIsNoPeak() {
    assertThat(new OverOptimisation(Form.BEST_OF_N, 1, 0).peak()).isInfinite();
  }

  @Test
  void oneDistanceIsNoCurve() {
    assertThatThrownBy(
            () ->
                OverOptimisation.fit(
                    Form.BEST_OF_N, new double[] {0, 1, 1}, new double[] {0, 1, 2}))
        .hasMessage("A curve needs two different distances");
  }
}
