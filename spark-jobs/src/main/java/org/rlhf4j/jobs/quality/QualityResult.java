package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.Map;
import java.util.Optional;

/**
 * Content of {@code quality.json}. A statistic that is not defined for the votes is empty: for
 * example, kappa where all votes are equal.
 *
 * @param annotators with a vote that counts
 * @param statistics over all items, those that are defined
 * @param krippendorffAlpha by level; levels above nominal need labels that are numbers
 * @param cohenKappaMean mean over the pairs of annotators with a defined kappa
 * @param intervals of 95 %, by the key of the statistic
 * @param rankings of the things compared; empty if nothing was
 * @param comparisonModel annotators and strengths together; empty with fewer than two annotators
 * @param screening what became of the votes of doubtful annotators
 */
public record QualityResult(
    VoteCounts counts,
    long annotators,
    Map<String, Double> statistics,
    Map<String, Optional<Double>> krippendorffAlpha,
    Optional<Double> cohenKappaMean,
    Map<String, Bounds> intervals,
    AnnotatorModel model,
    String level,
    Optional<RankingCounts> rankings,
    Optional<AnnotatorModel> comparisonModel,
    ScreeningCounts screening) {

  /**
   * Rows that were read, by what became of them.
   *
   * @param items with a vote that counts
   * @param votes that count: one per item and annotator
   * @param duplicate votes an annotator gave more than once to an item, beyond the first
   * @param contradictory votes of annotators who gave several labels to one item; left out
   * @param missing votes without a label; left out
   * @param gold rows that are no votes, but say what is right
   * @param quarantined rows that could not be read
   */
  public record VoteCounts(
      long items,
      long votes,
      long duplicate,
      long contradictory,
      long missing,
      long gold,
      long quarantined) {}

  /** Ends of an interval. */
  public record Bounds(double low, double high) {}

  /**
   * How the accuracies and labels were estimated.
   *
   * @param name dawid-skene, one-coin or crowd-bt
   * @param logLikelihood of all votes, nats; of crowd-bt with what was assumed beforehand
   */
  public record AnnotatorModel(
      String name, int iterations, boolean isConverged, double logLikelihood) {}

  /**
   * What was ranked.
   *
   * @param comparisons votes for one of two things, and ties
   * @param ties votes for neither
   * @param components sets of things that comparisons connect; there are no comparisons between two
   * @param cycles sets of things that beat each other in rings, of each of which one is listed
   * @param unconverged groups whose strengths were not found
   */
  public record RankingCounts(
      long groups,
      long things,
      long comparisons,
      long ties,
      long components,
      long cycles,
      long unconverged)
      implements Serializable {
    RankingCounts plus(RankingCounts more) {
      return new RankingCounts(
          groups + more.groups,
          things + more.things,
          comparisons + more.comparisons,
          ties + more.ties,
          components + more.components,
          cycles + more.cycles,
          unconverged + more.unconverged);
    }
  }

  /**
   * What {@code quality.screening} did. Votes kept and dropped are all votes that count,
   * preferences kept and dropped all that were read.
   *
   * @param policy report, weight or drop
   * @param annotators whose votes were left out
   * @param items without a vote that is left
   * @param preferences rows kept and dropped; empty for votes, and for report
   */
  public record ScreeningCounts(
      String policy,
      long annotators,
      long keptVotes,
      long droppedVotes,
      long items,
      Optional<PreferenceCounts> preferences) {}

  /** Rows of preferences by what became of them. */
  public record PreferenceCounts(long kept, long dropped) {}

  public long items() {
    return counts.items();
  }

  public long votes() {
    return counts.votes();
  }

  /** A statistic by its key in {@code quality.json}. */
  public Optional<Double> statistic(String key) {
    return Optional.ofNullable(statistics.get(key));
  }

  public Optional<Double> fleissKappa() {
    return statistic("fleiss_kappa");
  }

  public Optional<Double> pairwiseAgreement() {
    return statistic("pairwise_agreement");
  }

  public Optional<Double> goldAgreement() {
    return statistic("gold_agreement");
  }
}
