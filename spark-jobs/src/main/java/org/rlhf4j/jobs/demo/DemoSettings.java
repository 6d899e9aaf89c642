package org.rlhf4j.jobs.demo;

import org.rlhf4j.config.Config;
import org.rlhf4j.config.ConfigException;

/** How much demonstration data to make. */
public record DemoSettings(
    @Config(value = "demonstrations", doc = "Replies to imitate") int demonstrations,
    @Config(value = "pairs", doc = "Pairs of replies, each compared by one or more annotators")
        int pairs,
    @Config(value = "overlap-share", doc = "Share of the pairs that several annotators compare")
        double overlapShare,
    @Config(value = "overlap-annotators", doc = "Annotators of a pair that several compare")
        int overlapAnnotators,
    @Config(value = "rankings", doc = "Rankings of four replies") int rankings,
    @Config(value = "prompts", doc = "Requests to sample responses to") int prompts) {
  public static final DemoSettings DEFAULTS = new DemoSettings(8000, 8000, 0.2, 3, 2000, 8000);

  public DemoSettings {
    check(demonstrations > 0, "demonstrations", demonstrations, "positive");
    check(pairs > 0, "pairs", pairs, "positive");
    check(overlapShare >= 0 && overlapShare <= 1, "overlap-share", overlapShare, "in [0, 1]");
    check(
        overlapAnnotators >= 1 && overlapAnnotators <= DemoAnnotator.ALL.size(),
        "overlap-annotators",
        overlapAnnotators,
        "between 1 and " + DemoAnnotator.ALL.size());
    check(rankings >= 0, "rankings", rankings, "zero or more");
    check(prompts > 0, "prompts", prompts, "positive");
  }

  private static void check(boolean holds, String key, Object value, String rule) {
    if (!holds) {
      throw new ConfigException(String.format("demo.%s must be %s, but is %s", key, rule, value));
    }
  }
}
