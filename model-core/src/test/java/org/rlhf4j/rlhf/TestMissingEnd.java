package org.rlhf4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.rlhf.MissingEnd.Judged;

class TestMissingEnd {
  @Test
  void changesOnlyResponsesThatRanIntoTheLimit() {
    for (ScoreConfig.MissingEnd rule : ScoreConfig.MissingEnd.values()) {
      assertThat(MissingEnd.judge(0.5, FinishReason.STOP, new ScoreConfig(rule, 2.0)))
          .isEqualTo(new Judged(0.5, Optional.empty()));
    }
  }

  @Test
  void eachRuleDoesWhatItSays() {
    assertThat(judgeAtLimit(ScoreConfig.MissingEnd.PENALTY))
        .isEqualTo(new Judged(-1.5, Optional.of("missing-end")));
    assertThat(judgeAtLimit(ScoreConfig.MissingEnd.REPLACE))
        .isEqualTo(new Judged(-2.0, Optional.of("missing-end")));
    assertThat(judgeAtLimit(ScoreConfig.MissingEnd.NONE))
        .isEqualTo(new Judged(0.5, Optional.empty()));
  }

  private static Judged judgeAtLimit(ScoreConfig.MissingEnd rule) {
    return MissingEnd.judge(0.5, FinishReason.LENGTH, new ScoreConfig(rule, 2.0));
  }
}
