package org.rlhf4j.data.raw;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.RowIds;

/** Prompts and responses in the two forms rows have them: texts and lists of messages. */
final class Conversations {
  private Conversations() {}

  /** A field that is a text (one message with the role text) or a list of messages. */
  static List<Message> prompt(JsonRow row, String field) throws RejectedRowException {
    return nonEmpty(
        row.isList(field) ? messages(row, field) : List.of(Message.text(row.text(field))));
  }

  static List<Message> nonEmpty(List<Message> prompt) throws RejectedRowException {
    if (isBlank(prompt)) {
      throw new RejectedRowException(Reason.EMPTY_PROMPT, "the prompt is empty");
    }

    return prompt;
  }

  static boolean isBlank(List<Message> prompt) {
    return prompt.stream().allMatch(message -> RowIds.isBlank(message.content()));
  }

  /** As prompts are the same: by roles and normal forms. */
  static boolean areSame(List<Message> left, List<Message> right) {
    if (left.size() != right.size()) {
      return false;
    }

    return IntStream.range(0, left.size()).allMatch(i -> areSame(left.get(i), right.get(i)));
  }

  static boolean areSame(Message left, Message right) {
    return left.role().equals(right.role())
        && RowIds.normalize(left.content()).equals(RowIds.normalize(right.content()));
  }

  static List<Message> messages(JsonRow row, String field) throws RejectedRowException {
    return messages(field, row.list(field));
  }

  private static List<Message> messages(String field, Iterable<JsonNode> nodes)
      throws RejectedRowException {
    List<Message> messages = new ArrayList<>();
    for (JsonNode node : nodes) {
      JsonRow message = JsonRow.object(field, node);
      messages.add(new Message(role(message.text("role")), content(message)));
    }

    return messages;
  }

  /** A field that is a text, or a list of one message, the assistant's. */
  static String response(JsonRow row, String field) throws RejectedRowException {
    return response(field, row.required(field));
  }

  static String response(String field, JsonNode node) throws RejectedRowException {
    if (!node.isArray()) {
      return nonEmptyResponse(field, JsonRow.text(field, node));
    }

    List<Message> messages = messages(field, node);
    if (messages.size() != 1) {
      throw new RejectedRowException(
          Reason.WRONG_TYPE,
          "field " + field + " has " + messages.size() + " messages, but must have one");
    }

    return response(field, messages.get(0));
  }

  /** What a message says that is to be the assistant's. */
  static String response(String field, Message message) throws RejectedRowException {
    if (!message.role().equals(Message.ASSISTANT)) {
      throw new RejectedRowException(
          Reason.WRONG_TYPE,
          "the response %s has the role %s, but must have assistant"
              .formatted(field, message.role()));
    }

    return nonEmptyResponse(field, message.content());
  }

  static String nonEmptyResponse(String field, String response) throws RejectedRowException {
    if (RowIds.isBlank(response)) {
      throw new RejectedRowException(Reason.EMPTY_RESPONSE, "the response " + field + " is empty");
    }

    return response;
  }

  /** Role names of other tools in the words of this one; unknown roles stay as they are. */
  static String role(String name) {
    String role = name.toLowerCase(Locale.ROOT);
    return switch (role) {
      case "human", "prompter", "instruction" -> Message.USER;
      case "gpt", "bot", "model", "chatbot" -> Message.ASSISTANT;
      default -> role;
    };
  }

  /** Text, or a list of parts of which the texts are joined, or nothing. */
  private static String content(JsonRow message) throws RejectedRowException {
    if (!message.has("content")) {
      throw new RejectedRowException(Reason.MISSING_FIELD, "a message has no content");
    }

    if (!message.isList("content")) {
      return message.text("content");
    }

    StringBuilder content = new StringBuilder();
    for (JsonNode part : message.list("content")) {
      content.append(JsonRow.object("content", part).text("text"));
    }

    return content.toString();
  }
}
