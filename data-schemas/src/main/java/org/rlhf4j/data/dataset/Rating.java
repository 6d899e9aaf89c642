package org.rlhf4j.data.dataset;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** One response with a grade, or with yes (1) or no (0). */
@Schema(name = "ratings", version = 2, doc = "One response with a grade; yes and no are 1 and 0")
public record Rating(
    @Column("Hash of prompt, response, rating and annotator") String ratingId,
    @Column("Hash of the normalised prompt") String promptId,
    @Column("train, validation or test; a function of prompt_id") Split split,
    @Column("Name of the source the row came from") String source,
    @Column("Turns before the response, in order") List<Message> prompt,
    @Column("The rated response") String response,
    @Column("The grade, in the source's unit") double rating,
    @Column("Who rated") Optional<String> annotator,
    @Column("Weight in the loss") double weight,
    @Column("The annotator's words about the response") Optional<String> critique)
    implements Serializable {
  private Object writeReplace() {
    return SerializedRow.of(this);
  }
}
