package org.rlhf4j.text;

import java.util.List;
import org.rlhf4j.data.dataset.Message;

/**
 * Turns as {@code \n\nHuman: ...} and {@code \n\nAssistant: ...}, for tokenizers without a chat
 * template (design, sections 11 and 13).
 */
final class HumanAssistantRenderer implements ChatRenderer {
  private static final String HUMAN = "\n\nHuman:";
  private static final String ASSISTANT = "\n\nAssistant:";

  @Override
  public String render(List<Message> turns) {
    StringBuilder text = new StringBuilder();
    // The blank line after a system text is the one that every turn begins with.
    for (Message turn : turns) {
      if (turn.role().equals(Message.SYSTEM)) {
        text.append(text.length() == 0 ? "" : "\n\n").append(turn.content());
      }
    }
    for (Message turn : turns) {
      if (!turn.role().equals(Message.SYSTEM)) {
        text.append(label(turn)).append(' ').append(turn.content());
      }
    }
    return text.append(ASSISTANT).toString();
  }

  private static String label(Message turn) {
    return switch (turn.role()) {
      case Message.USER -> HUMAN;
      case Message.ASSISTANT -> ASSISTANT;
      default ->
          throw new PromptException(
              String.format(
                  "Role \"%s\" of a prompt has no Human/Assistant form; use system, user or"
                      + " assistant, or a tokenizer with a chat template",
                  turn.role()));
    };
  }

  @Override
  public boolean writesSpecialTokens() {
    return false;
  }
}
