package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestPace {
  private static final long MINUTE = 60_000;

  @Test
  void breaksAreNoWork() {
    Pace pace = new Pace();
    for (int vote = 0; vote < 6; vote++) {
      pace.add(vote * 2L * MINUTE);
    }

    for (int vote = 0; vote < 6; vote++) {
      pace.add((1000 + vote * 2L) * MINUTE);
    }

    assertThat(pace.votesPerHour()).isEqualTo(30);
  }

  @Test
  void fewVotesAndEqualTimesHaveNoPace() {
    Pace few = new Pace();
    Pace equal = new Pace();
    for (int vote = 0; vote < 20; vote++) {
      if (vote < Pace.MIN_GAPS) {
        few.add(vote * MINUTE);
      }

      equal.add(MINUTE);
    }

    assertThat(few.votesPerHour()).isNaN();
    assertThat(equal.votesPerHour()).isNaN();
  }
}
