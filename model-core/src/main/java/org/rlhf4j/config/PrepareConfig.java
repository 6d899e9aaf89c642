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
    @Config(value = "near-duplicates", doc = "off; prompts and all are refused until they exist")
        String nearDuplicates) {
  public static final PrepareConfig DEFAULTS = new PrepareConfig(0.05, 0.05, 0, 0.05, "off");

  public PrepareConfig {
    check(
        nearDuplicates.equals("off"),
        "prepare.near-duplicates must be off until prompts and all exist, but is %s",
        nearDuplicates);
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
