package org.rlhf4j.data.dataset;

import java.io.Serializable;

/** What the annotators together say of one item. */
@Schema(name = "votes", version = 2, doc = "What the annotators together say of one item")
public record ItemVotes(
    @Column("The item") String item,
    @Column("Label with most votes; ties go to the smaller label") String label,
    @Column("Entropy of the votes, nats") double entropy,
    @Column("Number of votes") int votes,
    @Column("Most probable label by the model of the annotators") String estimatedLabel,
    @Column("Its probability by that model") double probability)
    implements Serializable {}
