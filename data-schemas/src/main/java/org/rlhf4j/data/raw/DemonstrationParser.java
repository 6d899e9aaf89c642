package org.rlhf4j.data.raw;

import java.util.List;
import java.util.Optional;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.raw.RawRecord.DemonstratedResponse;

/**
 * {@code {"messages"}} whose last is the response, {@code {"prompt", "completion"}} (or {@code
 * response}, {@code output}, {@code answer}), {@code {"instruction", "input"?, "output"}}, {@code
 * {"question", "answer"}} or {@code {"text"}}. Of several the first whose fields are all there.
 */
final class DemonstrationParser implements RowParser {
  @Override
  public DemonstratedResponse parse(JsonRow row) throws RejectedRowException {
    if (row.has("messages")) {
      return fromMessages(row);
    } else if (row.has("prompt") && row.has("response")) {
      return prompted(row, "response");
    } else if (row.has("prompt") && row.has("completion")) {
      return prompted(row, "completion");
    } else if (row.has("instruction") && row.has("output")) {
      return instructed(row);
    } else if (row.has("question") && row.has("answer")) {
      return asked(row);
    } else if (row.has("prompt") && row.has("output")) {
      return prompted(row, "output");
    } else if (row.has("prompt") && row.has("answer")) {
      return prompted(row, "answer");
    }

    return incomplete(row);
  }

  /** Plain text, or nothing: then the form that the row's fields come nearest to refuses it. */
  private static DemonstratedResponse incomplete(JsonRow row) throws RejectedRowException {
    if (row.has("instruction") || row.has("output")) {
      return instructed(row);
    } else if (row.has("question") || row.has("answer")) {
      return asked(row);
    } else if (row.has("text")) {
      return demonstration(row, List.of(), Conversations.response(row, "text"));
    }

    return prompted(row, row.names("response") ? "response" : "completion");
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

  private static DemonstratedResponse prompted(JsonRow row, String field)
      throws RejectedRowException {
    List<Message> prompt = Conversations.prompt(row, "prompt");
    return demonstration(row, prompt, Conversations.response(row, field));
  }

  private static DemonstratedResponse instructed(JsonRow row) throws RejectedRowException {
    Optional<String> input = row.optionalText("input").filter(text -> !RowIds.isBlank(text));
    String instruction = row.text("instruction");
    List<Message> prompt = user(input.map(text -> instruction + "\n\n" + text).orElse(instruction));
    return demonstration(row, prompt, Conversations.response(row, "output"));
  }

  private static DemonstratedResponse asked(JsonRow row) throws RejectedRowException {
    List<Message> prompt = user(row.text("question"));
    return demonstration(row, prompt, Conversations.response(row, "answer"));
  }

  private static DemonstratedResponse demonstration(
      JsonRow row, List<Message> prompt, String response) throws RejectedRowException {
    return new DemonstratedResponse(
        prompt, response, RowParser.origin(row, RawFormat.DEMONSTRATION));
  }

  private static List<Message> user(String content) throws RejectedRowException {
    return Conversations.nonEmpty(List.of(new Message(Message.USER, content)));
  }
}
