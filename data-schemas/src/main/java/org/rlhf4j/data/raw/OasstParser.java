package org.rlhf4j.data.raw;

import java.util.List;
import java.util.Optional;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.raw.RawRecord.TreeMessage;

/**
 * Open-Assistant messages: one message a row with {@code parent_id}, or a whole tree a row with
 * nested {@code replies} (the root itself, or under {@code prompt}).
 */
final class OasstParser implements RowParser {
  @Override
  public RawRecord parse(JsonRow row) throws RejectedRowException {
    if (row.isObject("prompt")) {
      return NestedTree.parse(row.required("prompt"));
    }

    return row.isList("replies")
        ? NestedTree.parse(row.json())
        : message(row, row.optionalName("parent_id"));
  }

  static TreeMessage message(JsonRow row, Optional<String> parentId) throws RejectedRowException {
    String role = Conversations.role(row.text("role"));
    String text = row.text("text");
    boolean isDeleted = row.isTrue("deleted");
    if (!isDeleted && role.equals(Message.ASSISTANT)) {
      Conversations.nonEmptyResponse("text", text);
    } else if (!isDeleted) {
      Conversations.nonEmpty(List.of(Message.text(text)));
    }

    return new TreeMessage(
        row.optionalName("message_tree_id").orElse(""),
        row.name("message_id"),
        parentId,
        new Message(role, text),
        row.optionalNumber("rank"),
        isDeleted,
        RowParser.origin(row, RawFormat.OASST, Optional.empty()));
  }
}
