package org.rlhf4j.data.raw;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.raw.RawRecord.Ranking;

/**
 * hh-rlhf: {@code {"chosen", "rejected"}}, each a whole dialogue as one text. A turn begins with
 * {@code Human:} or {@code Assistant:} at the start or after an empty line; the last Assistant turn
 * is the response, everything before it is the prompt. A prompt beside them is understood as beside
 * lists of messages.
 */
final class DialogueParser implements RowParser {
  private static final Pattern TURN = Pattern.compile("(?:^|\\n\\n)(Human|Assistant):");

  @Override
  public Ranking parse(JsonRow row) throws RejectedRowException {
    List<Message> chosen = dialogue(row, "chosen");
    List<Message> rejected = dialogue(row, "rejected");
    List<Message> prompt = chosen.subList(0, chosen.size() - 1);
    if (!Conversations.areSame(prompt, rejected.subList(0, rejected.size() - 1))) {
      throw new RejectedRowException(
          Reason.PROMPT_MISMATCH,
          "chosen has %d turns before its last Assistant turn, rejected %d, and they differ"
              .formatted(prompt.size(), rejected.size() - 1));
    }

    return PreferenceParser.pair(
        row,
        RawFormat.HH_RLHF,
        Conversations.nonEmpty(PreferenceParser.promptOf(explicitPrompt(row), prompt)),
        response("chosen", chosen),
        response("rejected", rejected));
  }

  /** Whether a side has a turn that begins as they do here. */
  static boolean isLike(JsonRow row) {
    return Stream.of("chosen", "rejected")
        .filter(row::isText)
        .anyMatch(field -> TURN.matcher(row.path(field).textValue()).find());
  }

  /**
   * Whether both sides are dialogues from their beginning, so that a prompt beside them is repeated
   * in them: they begin with a Human turn, or with the prompt that has turns itself.
   */
  static boolean areWhole(JsonRow row) {
    return isWhole(row, "chosen") && isWhole(row, "rejected");
  }

  private static boolean isWhole(JsonRow row, String field) {
    String text = row.path(field).asText("");
    if (!text.contains("Human:") || !text.contains("Assistant:")) {
      return false; // nearly all, at the cost of a look
    }

    List<Message> turns = turns(text);
    boolean isAnswered = turns.stream().anyMatch(turn -> turn.role().equals(Message.ASSISTANT));
    return isAnswered && (turns.get(0).role().equals(Message.USER) || repeatsPrompt(row, text));
  }

  private static boolean repeatsPrompt(JsonRow row, String text) {
    String prompt = row.path("prompt").asText("");
    return TURN.matcher(prompt).find() && text.strip().startsWith(prompt.strip());
  }

  /** A prompt that is a dialogue itself may end with the mark of the turn that is to come. */
  private static List<Message> explicitPrompt(JsonRow row) throws RejectedRowException {
    if (!row.isText("prompt") || !TURN.matcher(row.text("prompt")).find()) {
      return PreferenceParser.explicitPrompt(row);
    }

    List<Message> turns = turns(row.text("prompt"));
    Message last = turns.get(turns.size() - 1);
    boolean isMark = last.role().equals(Message.ASSISTANT) && last.content().isEmpty();
    return isMark ? turns.subList(0, turns.size() - 1) : turns;
  }

  /** Turns up to the last Assistant turn, which takes the rest of the text. */
  private static List<Message> dialogue(JsonRow row, String field) throws RejectedRowException {
    String text = row.text(field);
    List<Message> turns = turns(text);
    int last = turns.size() - 1;
    while (last >= 0 && !turns.get(last).role().equals(Message.ASSISTANT)) {
      last--;
    }

    if (last < 0) {
      throw new RejectedRowException(
          RowIds.isBlank(text) ? Reason.EMPTY_RESPONSE : Reason.MALFORMED_DIALOGUE,
          "field " + field + " has no Assistant turn");
    }

    if (last == turns.size() - 1) {
      return turns;
    }

    List<Message> upToResponse = new ArrayList<>(turns.subList(0, last));
    upToResponse.add(new Message(Message.ASSISTANT, textFrom(text, last, turns)));
    return upToResponse;
  }

  private static List<Message> turns(String text) {
    List<Message> turns = new ArrayList<>();
    Matcher matcher = TURN.matcher(text);
    int start = 0;
    String role = Message.SYSTEM; // text before the first turn
    while (matcher.find()) {
      addTurn(turns, role, text.substring(start, matcher.start()));
      role = Conversations.role(matcher.group(1));
      start = matcher.end();
    }

    addTurn(turns, role, text.substring(start));
    return turns;
  }

  private static void addTurn(List<Message> turns, String role, String content) {
    if (!role.equals(Message.SYSTEM) || !RowIds.isBlank(content)) {
      turns.add(new Message(role, content.strip()));
    }
  }

  /** The text of a turn together with the Human turns that follow the last Assistant turn. */
  private static String textFrom(String text, int turn, List<Message> turns) {
    boolean hasPreamble = turns.get(0).role().equals(Message.SYSTEM);
    Matcher matcher = TURN.matcher(text);
    for (int i = hasPreamble ? 1 : 0; i <= turn; i++) {
      matcher.find();
    }

    return text.substring(matcher.end()).strip();
  }

  private static String response(String field, List<Message> dialogue) throws RejectedRowException {
    return Conversations.nonEmptyResponse(field, dialogue.get(dialogue.size() - 1).content());
  }
}
