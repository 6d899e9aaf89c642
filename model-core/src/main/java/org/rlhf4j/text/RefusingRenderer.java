package org.rlhf4j.text;

import java.nio.file.Path;
import java.util.List;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.hub.ModelFormatException;

/** Stands for a template that cannot be followed: another rendering would be silently wrong. */
final class RefusingRenderer implements ChatRenderer {
  private final Path directory;

  RefusingRenderer(Path directory) {
    this.directory = directory;
  }

  @Override
  public String render(List<Message> turns) {
    throw new ModelFormatException(
        String.format(
            "The tokenizer in %s has a chat template, which this version cannot follow; give prompts"
                + " as plain text instead of messages",
            directory));
  }

  @Override
  public boolean writesSpecialTokens() {
    return true;
  }
}
