package org.rlhf4j.data.dataset;

import java.io.Serializable;
import java.util.Optional;

/** What the annotators together say of one item. */
@Schema(name = "votes", version = 4, doc = "What the annotators together say of one item")
public record ItemVotes(
    @Column("The item; where its votes have several options, one row for each two of them")
        String item,
    @Column("Label with most votes, as they weigh; of several the first as a text") String label,
    @Column("Entropy of the votes, as they weigh, nats") double entropy,
    @Column("Number of votes that count") int votes,
    @Column("Most probable label by the model of the annotators") String estimatedLabel,
    @Column("Its probability by that model") double probability,
    @Column("What the votes weigh together: their number, unless quality.screening is weight")
        double weight,
    @Column("Votes left out by quality.screening; dropped_votes names them") int dropped,
    @Column("Group of what was compared, as in rankings: the prompt_id of preferences")
        Optional<String> group,
    @Column("What was compared, the first by name, as thing in rankings") Optional<String> first,
    @Column("The second") Optional<String> second)
    implements Serializable {
  private Object writeReplace() {
    return SerializedRow.of(this);
  }
}
