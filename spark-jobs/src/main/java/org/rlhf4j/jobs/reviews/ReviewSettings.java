package org.rlhf4j.jobs.reviews;

import org.rlhf4j.config.Config;
import org.rlhf4j.config.ConfigException;

/** How review sentences become demonstrations, preferences and prompts. */
public record ReviewSettings(
    @Config(
            value = "judge-share",
            doc = "Share of the sentences that only the judging classifier sees")
        double judgeShare,
    @Config(value = "opening-words", doc = "Words of a sentence that become its prompt")
        int openingWords,
    @Config(
            value = "pairs-per-sentence",
            doc = "Most pairs that one sentence takes part in as the chosen one")
        int pairsPerSentence) {
  public static final ReviewSettings DEFAULTS = new ReviewSettings(0.5, 2, 4);

  public ReviewSettings {
    check(judgeShare > 0 && judgeShare < 1, "judge-share", judgeShare, "between 0 and 1");
    check(openingWords > 0, "opening-words", openingWords, "positive");
    check(pairsPerSentence > 0, "pairs-per-sentence", pairsPerSentence, "positive");
  }

  private static void check(boolean holds, String key, Object value, String rule) {
    if (!holds) {
      throw new ConfigException(
          String.format("reviews.%s must be %s, but is %s", key, rule, value));
    }
  }
}
