package org.rlhf4j.data.dataset;

import java.io.Serializable;
import java.util.Optional;

/** What is known of one annotator. */
@Schema(name = "annotators", version = 7, doc = "Work and agreement of one annotator")
public record Annotator(
    @Column("The annotator") String annotator,
    @Column("Items labelled") int items,
    @Column("Share of agreeing votes among the other votes on the same items; 0 if there are none")
        double agreement,
    @Column("Estimated probability of the right label") double estimatedAccuracy,
    @Column("Lower end of its 95 % interval") Optional<Double> accuracyLow,
    @Column("Upper end of its 95 % interval") Optional<Double> accuracyHigh,
    @Column("Items labelled whose right label is known") int goldItems,
    @Column("Share of right labels on these items") Optional<Double> goldAgreement,
    @Column("Lower end of its 95 % interval") Optional<Double> goldLow,
    @Column("Upper end of its 95 % interval") Optional<Double> goldHigh,
    @Column("Votes per hour between votes at most half an hour apart")
        Optional<Double> votesPerHour,
    @Column("Its logarithm's distance to the median of all, in robust standard deviations")
        Optional<Double> paceDeviation,
    @Column("Probability, by chance, of an accuracy that changes so much over time")
        Optional<Double> driftProbability,
    @Column(
            "Probability that a comparison says what the strengths of the things say; below 0.5 of"
                + " who inverts")
        Optional<Double> comparisonReliability,
    @Column("Flags with a blank between: duplicate, drift, fast, slow, unreliable; empty if none")
        String flags,
    @Column("What each vote weighs by quality.screening: 1 as it is, 0 left out") double voteWeight,
    @Column("Other votes on the same items, which agreement is a share of") long otherVotes)
    implements Serializable {
  private Object writeReplace() {
    return SerializedRow.of(this);
  }
}
