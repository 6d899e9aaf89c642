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
    implements Serializable {

  /** Of two prompts that differ only in what normalisation removes, always the same one. */
  public static Prompt first(Prompt left, Prompt right) {
    int byText = left.prompt.toString().compareTo(right.prompt.toString());
    int order = byText != 0 ? byText : left.source.compareTo(right.source);
    return order <= 0 ? left : right;
  }
}
