package org.rlhf4j.data.dataset;

import java.io.Serializable;

/** A vote that {@code quality.screening} leaves out of the aggregated labels. */
@Schema(name = "dropped_votes", doc = "One vote that quality.screening left out")
public record DroppedVote(
    @Column("The item") String item,
    @Column("The annotator") String annotator,
    @Column("The label that was given") String label,
    @Column(
            "Why: the annotator's flags in quality.drop-flags, or guessing (weight: no better than"
                + " by chance)")
        String reason)
    implements Serializable {}
