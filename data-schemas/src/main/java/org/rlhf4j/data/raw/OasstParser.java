package org.rlhf4j.data.raw;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
      return tree(row.object("prompt"));
    }

    return row.isList("replies") ? tree(row) : message(row, row.optionalName("parent_id"));
  }

  private static RawRecord.Tree tree(JsonRow root) throws RejectedRowException {
    List<TreeMessage> messages = new ArrayList<>();
    Deque<JsonRow> open = new ArrayDeque<>(List.of(root));
    Deque<Optional<String>> parents = new ArrayDeque<>(List.of(Optional.empty()));
    while (!open.isEmpty()) {
      JsonRow row = open.pop();
      TreeMessage message = message(row, parents.pop());
      messages.add(message);
      for (JsonNode reply : row.has("replies") ? row.list("replies") : List.<JsonNode>of()) {
        open.push(JsonRow.object("replies", reply));
        parents.push(Optional.of(message.messageId()));
      }
    }

    ConversationTree.Resolution resolution = ConversationTree.resolve(messages);
    if (resolution.rankings().isEmpty()) {
      throw new RejectedRowException(
          Reason.UNRANKED, "no message of the tree has two ranked replies");
    }

    return new RawRecord.Tree(resolution.rankings());
  }

  private static TreeMessage message(JsonRow row, Optional<String> parentId)
      throws RejectedRowException {
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
