package org.rlhf4j.data.dataset;

import java.io.Serializable;

/** What the annotators together say of one item. */
@Schema(name = "votes", version = 3, doc = "What the annotators together say of one item")
public record ItemVotes(
    @Column("The item") String item,
    @Column("Label with most votes, as they weigh; ties go to the smaller label") String label,
    @Column("Entropy of the votes, as they weigh, nats") double entropy,
    @Column("Number of votes that count") int votes,
    @Column("Most probable label by the model of the annotators") String estimatedLabel,
    @Column("Its probability by that model") double probability,
    @Column("What the votes weigh together: their number, unless quality.screening is weight")
        double weight,
    @Column("Votes left out by quality.screening; dropped_votes names them") int dropped)
    implements Serializable {}
