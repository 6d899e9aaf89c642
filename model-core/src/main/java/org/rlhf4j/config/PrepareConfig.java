package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

/** How raw rows become datasets. */
public record PrepareConfig(
    @Config(value = "validation-share", doc = "Share of prompts in the validation split")
        double validationShare,
    @Config(value = "test-share", doc = "Share of prompts in the test split") double testShare,
    @Config(value = "split-seed", doc = "Seed of the split, apart from the run's seed")
        long splitSeed,
    @Config(value = "max-bad-share", doc = "Share of quarantined rows above which the job fails")
        double maxBadShare,
    @Config(
            value = "near-duplicates",
            doc =
                "Likeness of words (Jaccard index of their runs of three, at least 0.8) that makes"
                    + " duplicates: off, of prompts, or of prompts and responses")
        NearDuplicates nearDuplicates,
    @Section("held-out") HeldOutConfig heldOut) {

  /** Which texts count as the same if they are nearly so. */
  public enum NearDuplicates {
    OFF,
    PROMPTS,
    ALL
  }

  public static final PrepareConfig DEFAULTS =
      new PrepareConfig(0.05, 0.05, 0, 0.05, NearDuplicates.OFF, HeldOutConfig.DEFAULTS);

  /** Nothing held out. */
  public PrepareConfig(
      double validationShare,
      double testShare,
      long splitSeed,
      double maxBadShare,
      NearDuplicates nearDuplicates) {
    this(
        validationShare, testShare, splitSeed, maxBadShare, nearDuplicates, HeldOutConfig.DEFAULTS);
  }

  public PrepareConfig {
    check(
        validationShare >= 0 && validationShare < 1,
        "prepare.validation-share must be in [0, 1), but is %s",
        validationShare);
    check(
        testShare >= 0 && validationShare + testShare < 1,
        "prepare.test-share must leave rows to train on, but is %s",
        testShare);
    check(
        maxBadShare >= 0 && maxBadShare <= 1,
        "prepare.max-bad-share must be in [0, 1], but is %s",
        maxBadShare);
  }
}
