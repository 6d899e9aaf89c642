package org.rlhf4j.data.raw;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.raw.RawRecord.PlainPrompt;

/**
 * {@code {"prompt"}} or {@code {"messages"}}; of {@code {"turns": [{"content"}]}}, the form of
 * benchmark questions, the first turn.
 */
final class PromptParser implements RowParser {
  @Override
  public PlainPrompt parse(JsonRow row) throws RejectedRowException {
    return new PlainPrompt(prompt(row), RowParser.origin(row, RawFormat.PROMPT));
  }

  /** Whether a row of messages is a demonstration: its last message is the assistant's. */
  static boolean endsWithAssistant(JsonRow row) {
    try {
      List<Message> messages =
          row.isList("messages") ? Conversations.messages(row, "messages") : List.of();
      return !messages.isEmpty()
          && messages.get(messages.size() - 1).role().equals(Message.ASSISTANT);
    } catch (RejectedRowException e) {
      return false; // whoever parses the row says what is wrong
    }
  }

  private static List<Message> prompt(JsonRow row) throws RejectedRowException {
    if (row.has("messages")) {
      return Conversations.nonEmpty(Conversations.messages(row, "messages"));
    }

    if (!row.has("prompt") && row.isList("turns")) {
      return Conversations.nonEmpty(List.of(firstTurn(row)));
    }

    return Conversations.prompt(row, "prompt");
  }

  private static Message firstTurn(JsonRow row) throws RejectedRowException {
    List<JsonNode> turns = row.list("turns");
    if (turns.isEmpty()) {
      throw new RejectedRowException(Reason.EMPTY_PROMPT, "the prompt is empty");
    }

    JsonNode turn = turns.get(0);
    return new Message(
        Message.USER,
        turn.isObject()
            ? JsonRow.object("turns", turn).text("content")
            : JsonRow.text("turns", turn));
  }
}
