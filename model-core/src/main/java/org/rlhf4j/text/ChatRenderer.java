package org.rlhf4j.text;

import java.util.List;
import org.rlhf4j.data.dataset.Message;

/** How the turns of a conversation become the text of a prompt. */
interface ChatRenderer {
  /** Text of the turns, ending where the response begins. */
  String render(List<Message> turns);

  /** Whether the text holds every special token already, so that the tokenizer adds none. */
  boolean writesSpecialTokens();
}
