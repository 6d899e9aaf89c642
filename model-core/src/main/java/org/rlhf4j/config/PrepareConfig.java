package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How raw rows become datasets. */
public record PrepareConfig(
    @Config(value = "validation-share", doc = "Share of prompts in the validation split")
        double validationShare,
    @Config(value = "test-share", doc = "Share of prompts in the test split") double testShare,
    @Config(value = "split-seed", doc = "Seed of splits and shards, apart from the run's seed")
        long splitSeed,
    @Config(
            value = "max-bad-share",
            doc = "Share of bad rows (not ties and the like) above which the job fails")
        double maxBadShare,
    @Config(
            value = "near-duplicates",
            doc =
                "Likeness of words (Jaccard index of their runs of three, at least 0.8) that makes"
                    + " duplicates: off, of prompts, or of prompts and responses")
        NearDuplicates nearDuplicates,
    @Config(
            value = "source-weights",
            doc =
                "Factors for the weights of rows, each as SOURCE=FACTOR; sources that are not named"
                    + " have 1")
        List<String> sourceWeights,
    @Config(
            value = "shards",
            doc =
                "Files of each dataset, equally long in tokens (in characters without a tokenizer);"
                    + " 0 is one for every 20,000 rows")
        int shards,
    @Section("held-out") HeldOutConfig heldOut) {

  /** Which texts count as the same if they are nearly so. */
  public enum NearDuplicates {
    OFF,
    PROMPTS,
    ALL
  }

  public static final PrepareConfig DEFAULTS =
      new PrepareConfig(
          0.05, 0.05, 0, 0.05, NearDuplicates.OFF, List.of(), 0, HeldOutConfig.DEFAULTS);

  /** All sources weigh the same. */
  public PrepareConfig(
      double validationShare,
      double testShare,
      long splitSeed,
      double maxBadShare,
      NearDuplicates nearDuplicates,
      HeldOutConfig heldOut) {
    this(validationShare, testShare, splitSeed, maxBadShare, nearDuplicates, List.of(), 0, heldOut);
  }

  /** Nothing held out, and all sources weigh the same. */
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
    check(shards >= 0, "prepare.shards must be at least 0, but is %s", shards);
    sourceWeights = List.copyOf(sourceWeights);
    factors(sourceWeights);
  }

  /** Factors for the weights of rows by their source. */
  public Map<String, Double> sourceFactors() {
    return factors(sourceWeights);
  }

  private static Map<String, Double> factors(List<String> sourceWeights) {
    Map<String, Double> factors = new TreeMap<>();
    for (String setting : sourceWeights) {
      int sign = setting.lastIndexOf('=');
      Optional<Double> factor = sign < 1 ? Optional.empty() : number(setting.substring(sign + 1));
      check(
          factor.isPresent(),
          "prepare.source-weights must be SOURCE=FACTOR with a factor from 0, but has %s",
          setting);
      boolean isNew = factors.put(setting.substring(0, sign), factor.orElseThrow()) == null;
      check(isNew, "prepare.source-weights names a source twice: %s", setting);
    }

    return factors;
  }

  private static Optional<Double> number(String text) {
    try {
      double number = Double.parseDouble(text);
      return number >= 0 && Double.isFinite(number) ? Optional.of(number) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
