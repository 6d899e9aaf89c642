package org.rlhf4j.data.raw;

import java.util.List;
import java.util.Optional;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.raw.RawRecord.DemonstratedResponse;

/**
 * {@code {"prompt", "completion"}}, {@code {"messages"}} whose last is the response, {@code
 * {"instruction", "input"?, "output"}}, {@code {"question", "answer"}} or {@code {"text"}}.
 */
final class DemonstrationParser implements RowParser {
  @Override
  public DemonstratedResponse parse(JsonRow row) throws RejectedRowException {
    if (row.has("messages")) {
      return fromMessages(row);
    }

    if (row.names("instruction") || row.names("output")) {
      return demonstration(row, instruction(row), Conversations.response(row, "output"));
    }

    if (row.names("question") || row.names("answer")) {
      return demonstration(row, user(row.text("question")), Conversations.response(row, "answer"));
    }

    if (row.names("text")) {
      return demonstration(row, List.of(), Conversations.response(row, "text"));
    }

    List<Message> prompt = Conversations.prompt(row, "prompt");
    String field = row.names("response") ? "response" : "completion";
    return demonstration(row, prompt, Conversations.response(row, field));
  }

  private static DemonstratedResponse fromMessages(JsonRow row) throws RejectedRowException {
    List<Message> messages = Conversations.messages(row, "messages");
    int last = messages.size() - 1;
    if (last < 0 || !messages.get(last).role().equals(Message.ASSISTANT)) {
      throw new RejectedRowException(
          Reason.WRONG_TYPE, "the last of the messages is not the assistant's");
    }

    List<Message> prompt = Conversations.nonEmpty(messages.subList(0, last));
    String response = Conversations.nonEmptyResponse("messages", messages.get(last).content());
    return demonstration(row, prompt, response);
  }

  private static DemonstratedResponse demonstration(
      JsonRow row, List<Message> prompt, String response) throws RejectedRowException {
    return new DemonstratedResponse(
        prompt, response, RowParser.origin(row, RawFormat.DEMONSTRATION));
  }

  private static List<Message> instruction(JsonRow row) throws RejectedRowException {
    Optional<String> input = row.optionalText("input").filter(text -> !RowIds.isBlank(text));
    String instruction = row.text("instruction");
    return user(input.map(text -> instruction + "\n\n" + text).orElse(instruction));
  }

  private static List<Message> user(String content) throws RejectedRowException {
    return Conversations.nonEmpty(List.of(new Message(Message.USER, content)));
  }
}
