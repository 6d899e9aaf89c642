package org.rlhf4j.data.raw;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.raw.RawRecord.Origin;
import org.rlhf4j.data.raw.RawRecord.Ranking;

/**
 * {@code {"prompt", "chosen", "rejected"}}, texts or lists of messages that end with the
 * assistant's. The prompt may be implicit: the messages with which both lists begin.
 */
final class PreferenceParser implements RowParser {
  @Override
  public Ranking parse(JsonRow row) throws RejectedRowException {
    if (row.isList("chosen") && row.isList("rejected")) {
      return fromMessages(row);
    }

    List<Message> prompt = Conversations.prompt(row, "prompt");
    return pair(
        row,
        RawFormat.PREFERENCE,
        prompt,
        Conversations.response(row, "chosen"),
        Conversations.response(row, "rejected"));
  }

  static Ranking pair(
      JsonRow row, RawFormat format, List<Message> prompt, String chosen, String rejected)
      throws RejectedRowException {
    if (RowIds.normalize(chosen).equals(RowIds.normalize(rejected))) {
      throw new RejectedRowException(Reason.IDENTICAL_RESPONSES, "chosen and rejected are equal");
    }

    Optional<Double> margin = row.optionalNumber("margin");
    Optional<String> critique = row.optionalText("critique");
    Origin origin = RowParser.origin(row, format);
    return new Ranking(prompt, List.of(chosen, rejected), List.of(0, 1), margin, critique, origin);
  }

  private static Ranking fromMessages(JsonRow row) throws RejectedRowException {
    List<Message> chosen = Conversations.messages(row, "chosen");
    List<Message> rejected = Conversations.messages(row, "rejected");
    int shared = sharedTurns(chosen, rejected);
    String better = response("chosen", chosen, shared);
    String worse = response("rejected", rejected, shared);
    List<Message> prompt =
        Conversations.nonEmpty(promptOf(explicitPrompt(row), chosen.subList(0, shared)));
    return pair(row, RawFormat.PREFERENCE, prompt, better, worse);
  }

  /** Messages with which both sides begin; the last of each side is its response. */
  private static int sharedTurns(List<Message> chosen, List<Message> rejected) {
    int limit = Math.min(chosen.size(), rejected.size()) - 1;
    int shared = 0;
    while (shared < limit && Conversations.areSame(chosen.get(shared), rejected.get(shared))) {
      shared++;
    }

    return shared;
  }

  private static String response(String field, List<Message> messages, int shared)
      throws RejectedRowException {
    if (messages.isEmpty()) {
      throw new RejectedRowException(Reason.EMPTY_RESPONSE, "the response " + field + " is empty");
    }

    if (messages.size() != shared + 1) {
      throw new RejectedRowException(
          Reason.PROMPT_MISMATCH,
          "the messages of chosen and rejected differ before the last one (turn "
              + (shared + 1)
              + ")");
    }

    return Conversations.response(field, messages.get(shared));
  }

  /** A prompt beside whole conversations; nothing if there is none. */
  static List<Message> explicitPrompt(JsonRow row) throws RejectedRowException {
    if (!row.has("prompt")) {
      return List.of();
    }

    return row.isList("prompt")
        ? Conversations.messages(row, "prompt")
        : List.of(new Message(Message.USER, row.text("prompt")));
  }

  /**
   * The prompt of two conversations. One of its own is what the shared messages begin or end with,
   * or ends with them itself, or is a system turn to be put before them; a blank one says nothing.
   */
  static List<Message> promptOf(List<Message> explicit, List<Message> shared)
      throws RejectedRowException {
    if (Conversations.isBlank(explicit)) {
      return shared;
    }

    if (begins(shared, explicit) || ends(shared, explicit)) {
      return shared;
    } else if (ends(explicit, shared)) {
      return explicit;
    } else if (explicit.stream().allMatch(PreferenceParser::isSystem) && !isSystem(shared.get(0))) {
      return Stream.concat(explicit.stream(), shared.stream()).toList();
    }

    throw new RejectedRowException(
        Reason.PROMPT_MISMATCH, "the prompt is not how the messages of both sides begin or end");
  }

  private static boolean isSystem(Message message) {
    return message.role().equals(Message.SYSTEM);
  }

  private static boolean begins(List<Message> turns, List<Message> with) {
    return turns.size() >= with.size()
        && Conversations.areSame(turns.subList(0, with.size()), with);
  }

  private static boolean ends(List<Message> turns, List<Message> with) {
    int start = turns.size() - with.size();
    return start >= 0 && Conversations.areSame(turns.subList(start, turns.size()), with);
  }
}
