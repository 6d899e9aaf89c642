package org.rlhf4j.data.raw;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.raw.RawRecord.Ranking;
import org.rlhf4j.data.raw.RawRecord.TreeMessage;

/**
 * Turns messages of conversation trees into rankings: the ranked, not deleted assistant replies to
 * one message are the responses, and the path from the root to that message is the prompt.
 */
public final class ConversationTree {
  /** What became of one message. */
  public sealed interface Outcome {
    /** Part of a tree: a response of a ranking, a turn of a prompt, or the only reply. */
    record Kept() implements Outcome {}

    /** The same message stands earlier in the list, whatever it weighs there. */
    record Duplicate() implements Outcome {}

    record Rejected(Reason reason, String detail) implements Outcome {}
  }

  /**
   * @param outcomes one per message, in order
   */
  public record Resolution(List<RankedReplies> ranked, List<Outcome> outcomes) {
    public List<Ranking> rankings() {
      return ranked.stream().map(RankedReplies::ranking).toList();
    }
  }

  /**
   * A ranking and where it comes from.
   *
   * @param messages positions of the ranked replies in the list of messages, in the order of the
   *     ranking's responses
   */
  public record RankedReplies(Ranking ranking, List<Integer> messages) {}

  private final List<TreeMessage> messages;
  private final Outcome[] outcomes;
  private final Map<String, TreeMessage> byId = new HashMap<>();
  private final Set<String> ambiguous = new HashSet<>();

  private ConversationTree(List<TreeMessage> messages) {
    this.messages = messages;
    this.outcomes = new Outcome[messages.size()];
  }

  /** The order of the messages matters only for which of two equal ones is the duplicate. */
  public static Resolution resolve(List<TreeMessage> messages) {
    return new ConversationTree(messages).resolve();
  }

  private Resolution resolve() {
    markDuplicates();
    markUnusable();
    Map<String, List<Integer>> siblings = siblings();
    List<RankedReplies> ranked = new ArrayList<>();
    siblings.forEach((parent, replies) -> rank(parent, replies).ifPresent(ranked::add));
    for (int i = 0; i < outcomes.length; i++) {
      outcomes[i] = outcomes[i] == null ? new Outcome.Kept() : outcomes[i];
    }

    return new Resolution(ranked, List.of(outcomes));
  }

  /** Usable assistant messages by their parent. */
  private Map<String, List<Integer>> siblings() {
    Map<String, List<Integer>> siblings = new TreeMap<>();
    for (int i = 0; i < outcomes.length; i++) {
      TreeMessage message = messages.get(i);
      boolean isReply =
          message.parentId().isPresent() && message.message().role().equals(Message.ASSISTANT);
      if (isReply && outcomes[i] == null) {
        siblings.computeIfAbsent(message.parentId().get(), id -> new ArrayList<>()).add(i);
      }
    }

    return siblings;
  }

  /** Messages with one id that say the same are one; if they differ, none can be trusted. */
  private void markDuplicates() {
    for (TreeMessage message : messages) {
      TreeMessage first = byId.putIfAbsent(message.messageId(), message);
      if (first != null && !areSame(first, message)) {
        ambiguous.add(message.messageId());
      }
    }

    Set<String> seen = new HashSet<>();
    for (int i = 0; i < outcomes.length; i++) {
      String id = messages.get(i).messageId();
      if (ambiguous.contains(id)) {
        outcomes[i] =
            new Outcome.Rejected(
                Reason.WRONG_TYPE, "another message has the id " + id + " and says something else");
      } else if (!seen.add(id)) {
        outcomes[i] = new Outcome.Duplicate();
      }
    }
  }

  /** Sources and weights apart. */
  private static boolean areSame(TreeMessage left, TreeMessage right) {
    return left.parentId().equals(right.parentId())
        && left.rank().equals(right.rank())
        && left.isDeleted() == right.isDeleted()
        && Conversations.areSame(left.message(), right.message());
  }

  private void markUnusable() {
    for (int i = 0; i < outcomes.length; i++) {
      if (outcomes[i] == null) {
        outcomes[i] = unusable(messages.get(i)).orElse(null);
      }
    }
  }

  /** Deleted messages are left out, and so is what can no longer be traced to a root. */
  private Optional<Outcome> unusable(TreeMessage message) {
    Set<String> seen = new HashSet<>();
    TreeMessage current = message;
    while (true) {
      if (current.isDeleted()) {
        String detail = current.equals(message) ? "the message" : "message " + current.messageId();
        return Optional.of(new Outcome.Rejected(Reason.DELETED, detail + " was deleted"));
      }

      if (current.parentId().isEmpty()) {
        return Optional.empty();
      }

      String parentId = current.parentId().get();
      TreeMessage parent = byId.get(parentId);
      if (parent == null || ambiguous.contains(parentId) || !seen.add(parentId)) {
        String fault = ambiguous.contains(parentId) ? " is ambiguous" : " is not in the input";
        return Optional.of(new Outcome.Rejected(Reason.ORPHAN, "message " + parentId + fault));
      }

      current = parent;
    }
  }

  private Optional<RankedReplies> rank(String parentId, List<Integer> replies) {
    if (replies.size() < 2) {
      return Optional.empty();
    }

    List<Integer> ranked =
        replies.stream()
            .filter(i -> messages.get(i).rank().isPresent())
            .sorted(Comparator.comparing(i -> messages.get(i).messageId()))
            .toList();
    for (int reply : replies) {
      if (messages.get(reply).rank().isEmpty()) {
        outcomes[reply] =
            new Outcome.Rejected(Reason.UNRANKED, "the reply has siblings, but no rank");
      }
    }

    if (ranked.size() < 2) {
      return Optional.empty();
    }

    try {
      Ranking ranking = RankingParser.checked(ranking(parentId, ranked));
      return Optional.of(new RankedReplies(ranking, ranked));
    } catch (RejectedRowException e) {
      ranked.forEach(
          i -> outcomes[i] = new Outcome.Rejected(e.reason(), String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  private Ranking ranking(String parentId, List<Integer> ranked) {
    List<Optional<Double>> ranks = ranked.stream().map(i -> messages.get(i).rank()).toList();
    return new Ranking(
        path(parentId),
        ranked.stream().map(i -> messages.get(i).message().content()).toList(),
        RankingParser.dense(ranks),
        Optional.empty(),
        Optional.empty(),
        messages.get(ranked.get(0)).origin());
  }

  private List<Message> path(String messageId) {
    Deque<Message> path = new ArrayDeque<>();
    Optional<String> next = Optional.of(messageId);
    while (next.isPresent()) {
      TreeMessage message = byId.get(next.get());
      path.addFirst(message.message());
      next = message.parentId();
    }

    return List.copyOf(path);
  }
}
