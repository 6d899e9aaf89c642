package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import java.io.Serializable;

/** What happens to the score of a response without an end token. */
public record ScoreConfig(
    @Config(
            value = "missing-end",
            doc = "penalty subtracts, replace sets the score to minus the penalty, none leaves it")
        MissingEnd missingEnd,
    @Config(value = "missing-end-penalty", doc = "The penalty, in the unit of the score")
        double missingEndPenalty)
    implements Serializable {

  /** Rule for responses that stopped at the length limit. */
  public enum MissingEnd {
    PENALTY,
    REPLACE,
    NONE
  }

  public static final ScoreConfig DEFAULTS = new ScoreConfig(MissingEnd.PENALTY, 1.0);

  public ScoreConfig {
    check(
        missingEndPenalty >= 0,
        "score.missing-end-penalty must not be negative, but is %s",
        missingEndPenalty);
  }
}
