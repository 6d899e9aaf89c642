package org.rlhf4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rlhf4j.config.EnsembleConfig;
import org.rlhf4j.config.EnsembleConfig.Rule;

class TestEnsembleScore {
  private static final double ROUNDING = 1e-12;
  private static final double[] SCORES = {1, 4, -2, 1}; // mean 1, variance 18 / 4

  @ParameterizedTest
  @CsvSource({
    "MEAN, 1",
    "MEAN_MINUS_DEVIATION, -0.06066017177982119",
    "MEAN_MINUS_VARIANCE, -1.25",
    "WORST, -2"
  })
  void disagreementCosts(Rule rule, double expected) {
    EnsembleScore score = EnsembleScore.of(SCORES, new EnsembleConfig(List.of(), rule, 0.5));
    assertThat(score.score()).isCloseTo(expected, within(ROUNDING));
    assertThat(score.deviation()).isCloseTo(Math.sqrt(4.5), within(ROUNDING));
  }

  @Test
  void oneModelAgreesWithItself() {
    double[] one = {0.7};
    assertThat(EnsembleScore.of(one, EnsembleConfig.DEFAULTS)).isEqualTo(new EnsembleScore(0.7, 0));
  }
}
