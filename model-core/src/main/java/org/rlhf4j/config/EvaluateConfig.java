package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

/** How a tuned policy is compared with its start. */
public record EvaluateConfig(
    @Config(value = "prompts", doc = "Held-out prompts that are answered; 0 means all") int prompts,
    @Config(
            value = "gold",
            doc = "Judge that no training ever saw: demo's rules, a sentiment classifier, or none")
        Gold gold,
    @Config(value = "samples", doc = "Responses shown side by side in the report") int samples,
    @Config(
            value = "best-of",
            doc =
                "Responses of the first policy to each held-out prompt, of which the best of 1, 2,"
                    + " 4, ... by the reward model are judged; 0 or 1 means none")
        int bestOf,
    @Config(
            value = "pairs-per-split",
            doc =
                "Pairs of each split beside the held-out one that the reward model is judged on as"
                    + " well, which shows what it learned by heart; 0 means none")
        int pairsPerSplit) {

  /** Judge beside the reward model. */
  public enum Gold {
    NONE,
    DEMO,
    SENTIMENT
  }

  public static final EvaluateConfig DEFAULTS = new EvaluateConfig(512, Gold.NONE, 12, 0, 500);

  private static final int MOST_PAIRS = 1_000_000; // whose hashes the driver holds

  public EvaluateConfig {
    check(prompts >= 0, "evaluate.prompts must not be negative, but is %s", prompts);
    check(samples >= 0, "evaluate.samples must not be negative, but is %s", samples);
    check(bestOf >= 0, "evaluate.best-of must not be negative, but is %s", bestOf);
    check(
        pairsPerSplit >= 0 && pairsPerSplit <= MOST_PAIRS,
        "evaluate.pairs-per-split must be between 0 and 1000000, but is %s",
        pairsPerSplit);
  }
}
