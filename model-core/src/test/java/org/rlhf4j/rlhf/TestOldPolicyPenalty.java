package org.rlhf4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestOldPolicyPenalty {
  @ParameterizedTest
  @CsvSource({"0.005,1", "0.0067,2", "0.01,2", "0.015,2", "0.016,4"})
  void followsSchulman(double kl, double coefficient) {
    assertThat(new OldPolicyPenalty(2, 0.01).update(kl).coefficient()).isEqualTo(coefficient);
  }
}
