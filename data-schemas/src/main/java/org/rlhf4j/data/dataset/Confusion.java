package org.rlhf4j.data.dataset;

import java.io.Serializable;

/** One cell of an annotator's confusion matrix. */
@Schema(
    name = "confusions",
    doc = "How often an annotator gives one label where another, or the same, is right")
public record Confusion(
    @Column("The annotator") String annotator,
    @Column("The right label") String rightLabel,
    @Column("The label given") String givenLabel,
    @Column("Estimated probability of the label given, where the right label is right")
        double probability)
    implements Serializable {}
