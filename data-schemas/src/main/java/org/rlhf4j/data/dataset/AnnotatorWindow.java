package org.rlhf4j.data.dataset;

import java.io.Serializable;

/** Some votes of one annotator that follow each other in time. */
@Schema(
    name = "annotator_windows",
    doc = "Agreement of one annotator in one window of votes, where votes have a time")
public record AnnotatorWindow(
    @Column("The annotator") String annotator,
    @Column("Number of the window in the order of time, from 1") int window,
    @Column("Time of its first vote, ISO 8601") String start,
    @Column("Time of its last vote, ISO 8601") String end,
    @Column("Votes in the window on items with other votes") int votes,
    @Column("Share of agreeing votes among the other votes on the same items") double agreement,
    @Column("Accuracy against that over all windows, given the items, in standard errors")
        double deviation)
    implements Serializable {}
