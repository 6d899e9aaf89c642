package org.rlhf4j.text;

import java.util.List;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.hub.ModelFormatException;

/** Stands for a template that cannot be followed: another rendering would be silently wrong. */
final class RefusingRenderer implements ChatRenderer {
  @Override
  public String render(List<Message> turns) {
    throw new ModelFormatException(
        "The tokenizer has a chat template, which this version cannot follow: give prompts as"
            + " plain text instead of messages");
  }

  @Override
  public boolean writesSpecialTokens() {
    return true;
  }
}
