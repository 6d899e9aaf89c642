package org.rlhf4j.data.dataset;

import java.io.Serializable;
import java.util.List;

/** One response to imitate. */
@Schema(name = "demonstrations", doc = "One response to imitate, for supervised fine-tuning")
public record Demonstration(
    @Column("Hash of prompt and response") String demonstrationId,
    @Column("Hash of the normalised prompt") String promptId,
    @Column("train, validation or test; a function of prompt_id") Split split,
    @Column("Name of the source the row came from") String source,
    @Column("Turns before the response, in order; empty for plain text") List<Message> prompt,
    @Column("The text to imitate") String response,
    @Column("Weight in the loss") double weight)
    implements Serializable {}
