package org.rlhf4j.data.dataset;

import java.io.Serializable;

/** What is known of one annotator. */
@Schema(name = "annotators", doc = "Work and agreement of one annotator")
public record Annotator(
    @Column("The annotator") String annotator,
    @Column("Items labelled") int items,
    @Column("Share of agreeing votes among the other votes on the same items") double agreement,
    @Column("Estimated probability of the right label") double estimatedAccuracy)
    implements Serializable {}
