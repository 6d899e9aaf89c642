package org.rlhf4j.data.dataset;

import java.io.Serializable;
import java.util.List;

/** One prompt to respond to. */
@Schema(name = "prompts", doc = "One prompt to respond to")
public record Prompt(
    @Column("Hash of the normalised prompt") String promptId,
    @Column("train, validation or test; a function of prompt_id") Split split,
    @Column("Name of the source the row came from") String source,
    @Column("Turns before the response, in order") List<Message> prompt)
    implements Serializable {}
