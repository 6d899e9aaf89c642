package org.rlhf4j.data.dataset;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** One human comparison of two responses to the same prompt. */
@Schema(name = "preferences", doc = "One comparison of two responses to one prompt")
public record PreferencePair(
    @Column("Hash of prompt, responses and annotator: identifies the comparison") String pairId,
    @Column(
            "Comparisons that came from one ranking share it; equals pair_id for a single comparison")
        String groupId,
    @Column("Hash of the normalised prompt") String promptId,
    @Column("train, validation or test; a function of prompt_id") Split split,
    @Column("Name of the source the row came from") String source,
    @Column("Turns before the response, in order") List<Message> prompt,
    @Column("The preferred response") String chosen,
    @Column("The other response") String rejected,
    @Column("By how much chosen is better, in the annotator's unit") Optional<Double> margin,
    @Column("Weight in the loss; 1/C(K,2) for a pair of a K-way ranking") double weight,
    @Column("Who compared") Optional<String> annotator,
    @Column("The annotator's words about the comparison") Optional<String> critique)
    implements Serializable {
  private Object writeReplace() {
    return SerializedRow.of(this);
  }
}
