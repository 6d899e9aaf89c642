package org.rlhf4j.data.dataset;

import java.io.Serializable;

/** Two annotators whose votes hardly come from two people. */
@Schema(
    name = "annotator_pairs",
    doc = "Two annotators who give improbably many equal votes: one person, or one who copies")
public record AnnotatorPair(
    @Column("The first annotator, by name") String annotator,
    @Column("The other") String other,
    @Column("Items with a vote of both") int items,
    @Column("Items with equal votes") int agreeing,
    @Column("Number of equal votes to be expected of two people") double expected,
    @Column("Logarithm, base 10, of a bound on the probability of so many by chance")
        double log10Probability)
    implements Serializable {}
