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

  /** At 22:13:20, which is no date: somebody sent them all at once. */
  @Test
  void votesOfOneMomentAreASecondsWork() {
    Pace once = new Pace();
    Pace twice = new Pace();
    for (int vote = 0; vote <= 20; vote++) {
      once.add(1_700_000_000_000L);
      twice.add(1_700_000_000_000L + (vote > 10 ? 60 * MINUTE : 0));
    }

    assertThat(once.votesPerHour()).isEqualTo(20 * 3600.0);
    assertThat(twice.votesPerHour()).isEqualTo(19 * 3600.0 / 2);
  }
}
