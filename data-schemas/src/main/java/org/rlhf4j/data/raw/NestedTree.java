package org.rlhf4j.data.raw;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.rlhf4j.data.raw.ConversationTree.Outcome;
import org.rlhf4j.data.raw.ConversationTree.Resolution;
import org.rlhf4j.data.raw.RawRecord.Tree;
import org.rlhf4j.data.raw.RawRecord.TreeMessage;

/**
 * A conversation tree that is one row. A message that cannot be used is left out with what hangs on
 * it; only if no ranking is left is the row refused, for the worst that befell a message.
 */
final class NestedTree {
  /** Faults before what is honest, as the reasons are declared. */
  private static final Comparator<Refusal> WORST_FIRST =
      Comparator.comparing((Refusal refusal) -> !refusal.outcome().reason().isFault())
          .thenComparing(refusal -> refusal.outcome().reason());

  /**
   * @param name the message's id, or its place where it has none
   */
  private record Refusal(String name, Outcome.Rejected outcome) {}

  /**
   * @param place where the message stands, in words
   */
  private record Open(JsonNode json, Optional<String> parentId, String place) {}

  private final List<TreeMessage> messages = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private final Queue<Open> open = new ArrayDeque<>();

  private NestedTree() {}

  static Tree parse(JsonNode root) throws RejectedRowException {
    return new NestedTree().tree(root);
  }

  private Tree tree(JsonNode root) throws RejectedRowException {
    open.add(new Open(root, Optional.empty(), "the first message"));
    while (!open.isEmpty()) {
      read(open.remove());
    }

    Resolution resolution = ConversationTree.resolve(messages);
    if (resolution.rankings().isEmpty()) {
      throw refusal(resolution.outcomes());
    }

    return new Tree(resolution.rankings());
  }

  private void read(Open next) {
    try {
      JsonRow row = JsonRow.object("replies", next.json());
      List<JsonNode> replies = row.has("replies") ? row.list("replies") : List.of();
      TreeMessage message = OasstParser.message(row, next.parentId());
      String id = message.messageId();
      messages.add(message);
      for (int i = 0; i < replies.size(); i++) {
        String place = "reply " + (i + 1) + " of message " + id;
        open.add(new Open(replies.get(i), Optional.of(id), place));
      }
    } catch (RejectedRowException e) {
      JsonNode id = next.json().path("message_id");
      boolean isNamed = id.isTextual() || id.isIntegralNumber();
      String name = isNamed ? "message " + id.asText() : next.place();
      refusals.add(
          new Refusal(name, new Outcome.Rejected(e.reason(), String.valueOf(e.getMessage()))));
    }
  }

  private RejectedRowException refusal(List<Outcome> outcomes) {
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof Outcome.Rejected rejected) {
        refusals.add(new Refusal("message " + messages.get(i).messageId(), rejected));
      }
    }

    Optional<Refusal> worst = refusals.stream().min(WORST_FIRST);
    if (worst.isEmpty()) {
      return new RejectedRowException(
          Reason.UNRANKED, "no message of the tree has two ranked replies");
    }

    Outcome.Rejected outcome = worst.get().outcome();
    List<String> names =
        refusals.stream()
            .filter(refusal -> refusal.outcome().equals(outcome))
            .map(Refusal::name)
            .distinct()
            .toList();
    return new RejectedRowException(
        outcome.reason(), String.join(", ", names) + ": " + outcome.detail());
  }
}
