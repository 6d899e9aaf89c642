package org.rlhf4j.data.dataset;

import java.io.Serializable;
import java.util.Optional;

/** How strong one of the things is that annotators compared. */
@Schema(
    name = "rankings",
    version = 3,
    doc = "Strength of one of the things that annotators compared in a group")
public record Ranking(
    @Column("Things of one group may be compared: the prompt_id of preferences, or group of votes")
        String group,
    @Column("Number, in the group, of the set of things that comparisons connect") int component,
    @Column("Hash of the normalised response, or the option's name") String thing,
    @Column("Place by strength in the component, from 1; equal strengths by name") int place,
    @Column("Bradley-Terry strength, log odds, mean 0 in the component") double strength,
    @Column("Lower end of its 95 % interval, log odds") double low,
    @Column("Upper end of its 95 % interval, log odds") double high,
    @Column("Comparisons won") int wins,
    @Column("Comparisons lost") int losses,
    @Column("Comparisons that ended in a tie, half a win of either") int ties,
    @Column("Strength by the annotator-aware model, where two annotators or more compared things")
        Optional<Double> crowdStrength,
    @Column("Lower end of its 95 % interval, log odds") Optional<Double> crowdLow,
    @Column("Upper end of its 95 % interval, log odds") Optional<Double> crowdHigh)
    implements Serializable {
  private Object writeReplace() {
    return SerializedRow.of(this);
  }
}
