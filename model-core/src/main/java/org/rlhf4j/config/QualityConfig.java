package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import java.util.List;
import java.util.stream.Stream;

/** How the agreement of annotators is measured. */
public record QualityConfig(
    @Config(value = "level", doc = "Scale of the labels, which decides what a disagreement costs")
        Level level,
    @Config(
            value = "bootstrap-samples",
            doc = "Replicates of the bootstrap over items behind every interval; 0 gives none")
        int bootstrapSamples,
    @Config(
            value = "max-iterations",
            doc = "Iterations after which the estimates of annotators end, converged or not")
        int maxIterations,
    @Config(
            value = "tolerance",
            doc =
                "Gain of one pass, nats a vote, below which the estimates of annotators have"
                    + " converged")
        double tolerance,
    @Config(
            value = "smoothing",
            doc =
                "Right votes, and as many wrong ones, that every annotator begins with; 0 is maximum"
                    + " likelihood")
        double smoothing,
    @Config(
            value = "ranking-prior",
            doc =
                "Wins, and as many losses, that everything compared has against a thing of strength"
                    + " 0; 0 is maximum likelihood, among things that win against each other")
        double rankingPrior,
    @Config(
            value = "suspicion-level",
            doc =
                "Probability that anybody at all is flagged by chance, for drift and for duplicates"
                    + " each")
        double suspicionLevel,
    @Config(
            value = "min-accuracy",
            doc = "Annotators whose accuracy's interval ends below it are flagged as unreliable")
        double minAccuracy,
    @Config(
            value = "screening",
            doc =
                "What becomes of the votes of doubtful annotators: report leaves them as they are,"
                    + " weight lets every vote count by its annotator's accuracy, drop leaves those"
                    + " of flagged annotators out")
        Screening screening,
    @Config(
            value = "drop-flags",
            doc =
                "Flags of the annotators that drop leaves out: duplicate, drift, fast, slow,"
                    + " unreliable")
        List<String> dropFlags,
    @Config(
            value = "gold",
            doc =
                "Preferences, or files of votes, that are right; annotators are held against them")
        List<String> gold,
    @Config(
            value = "experts",
            doc =
                "Annotators whose votes are right where nothing else says what is; the others, and"
                    + " each of them, are held against what most of them say")
        List<String> experts,
    @Config(
            value = "max-bad-share",
            doc = "Share of quarantined rows of votes above which the job fails")
        double maxBadShare,
    @Config(
            value = "min-alpha",
            doc =
                "Krippendorff's alpha at quality.level below which, or without which, the job fails"
                    + " with exit code 4 after it has published everything; -1 asks for none")
        double minAlpha) {

  /** A least alpha that asks for none. */
  public static final double ANY_ALPHA = -1;

  /** Scale of measurement, in Krippendorff's sense. */
  public enum Level {
    NOMINAL,
    ORDINAL,
    INTERVAL,
    RATIO
  }

  /** What becomes of the votes of doubtful annotators. */
  public enum Screening {
    REPORT,
    WEIGHT,
    DROP
  }

  public static final String UNRELIABLE = "unreliable";

  /** All flags of annotators, in alphabetical order. */
  public static final List<String> FLAGS =
      List.of("drift", "duplicate", "fast", "slow", UNRELIABLE);

  public static final QualityConfig DEFAULTS =
      new QualityConfig(
          Level.NOMINAL,
          200,
          100,
          1e-7,
          1.0,
          0.1,
          0.01,
          0.5,
          Screening.REPORT,
          List.of(UNRELIABLE),
          List.of(),
          List.of(),
          0.5,
          ANY_ALPHA);

  public QualityConfig {
    check(
        bootstrapSamples == 0 || (bootstrapSamples >= 20 && bootstrapSamples <= 10_000),
        "quality.bootstrap-samples must be 0 or from 20 to 10000, but is %s",
        bootstrapSamples);
    check(
        maxIterations >= 1, "quality.max-iterations must be at least 1, but is %s", maxIterations);
    check(
        tolerance > 0 && tolerance < 1,
        "quality.tolerance must be above 0 and below 1, but is %s",
        tolerance);
    check(
        rankingPrior >= 0 && rankingPrior < 1e6,
        "quality.ranking-prior must be at least 0, but is %s",
        rankingPrior);
    check(
        maxBadShare >= 0 && maxBadShare <= 1,
        "quality.max-bad-share must be from 0 to 1, but is %s",
        maxBadShare);
    check(
        minAlpha >= ANY_ALPHA && minAlpha <= 1,
        "quality.min-alpha must be from -1 to 1, but is %s",
        minAlpha);
    check(
        smoothing >= 0 && smoothing < 1e6,
        "quality.smoothing must be at least 0, but is %s",
        smoothing);
    check(
        suspicionLevel > 0 && suspicionLevel < 1,
        "quality.suspicion-level must be above 0 and below 1, but is %s",
        suspicionLevel);
    check(
        minAccuracy >= 0 && minAccuracy <= 1,
        "quality.min-accuracy must be from 0 to 1, but is %s",
        minAccuracy);
    gold = List.copyOf(gold);
    experts = List.copyOf(experts);
    // A list or, as people write it on a command line, one text with commas.
    dropFlags =
        dropFlags.stream()
            .flatMap(text -> Stream.of(text.split(",")))
            .map(String::strip)
            .filter(flag -> !flag.isEmpty())
            .toList();
    for (String flag : dropFlags) {
      check(
          FLAGS.contains(flag),
          "quality.drop-flags must be of %s, but one is %s",
          String.join(", ", FLAGS),
          flag);
    }

    check(
        screening != Screening.DROP || !dropFlags.isEmpty(),
        "quality.screening=drop needs a flag in quality.drop-flags");
    check(
        screening != Screening.DROP || !dropFlags.contains(UNRELIABLE) || bootstrapSamples > 0,
        "quality.screening=drop needs quality.bootstrap-samples above 0 to find who is unreliable");
  }

  public QualityConfig withScreening(Screening policy) {
    return new QualityConfig(
        level,
        bootstrapSamples,
        maxIterations,
        tolerance,
        smoothing,
        rankingPrior,
        suspicionLevel,
        minAccuracy,
        policy,
        dropFlags,
        gold,
        experts,
        maxBadShare,
        minAlpha);
  }

  public QualityConfig withGold(List<String> paths, List<String> annotators) {
    return new QualityConfig(
        level,
        bootstrapSamples,
        maxIterations,
        tolerance,
        smoothing,
        rankingPrior,
        suspicionLevel,
        minAccuracy,
        screening,
        dropFlags,
        paths,
        annotators,
        maxBadShare,
        minAlpha);
  }
}
