package org.rlhf4j.data.raw;

import java.util.Locale;

/**
 * Why a raw row is in the quarantine. The codes are part of the contract; the order is that of what
 * is told first where several fit.
 */
public enum Reason {
  INVALID_UTF8("Bytes that are no UTF-8, or a lone surrogate in an escape", true),
  MALFORMED_JSON(
      "No JSON, more than one value, a key that comes twice, nested deeper than 1,000 levels, or"
          + " with a text of more than 20 million characters",
      true),
  ROW_TOO_LARGE(
      "Longer than 32 MiB (the quarantine keeps its beginning), or a ranking of more than 1,000"
          + " responses",
      true),
  UNKNOWN_FORMAT("An object whose keys fit no raw format", true),
  MISSING_FIELD("A required field is absent or null", true),
  WRONG_TYPE("A field has another type than the format says, or a value that makes no sense", true),
  MALFORMED_DIALOGUE("A Human/Assistant text without an Assistant turn", true),
  EMPTY_PROMPT("The prompt is empty or white space", true),
  EMPTY_RESPONSE("A response is empty or white space", true),
  PROMPT_MISMATCH("The two sides answer different prompts", true),
  PROMPT_REFUSED("The tokenizer's chat template has no form for the prompt's roles", true),
  IDENTICAL_RESPONSES("The responses are the same text", true),
  TOO_LONG("Over a limit of data.max-*-tokens, with data.over-length quarantine", true),
  CONTRADICTORY_PAIR(
      "The same annotator (or no annotator) prefers either side, or says both yes and no", true),
  PREFERENCE_CYCLE(
      "Preferences of the same annotator (or no annotator) that run in a circle", true),
  HELD_OUT_OVERLAP("Words that also stand in a set of prepare.held-out.paths", false),
  ORPHAN("An Open-Assistant message whose parent is not in the input", true),
  TIE("All responses have the same rank", false),
  UNRANKED("Fewer than two responses have a rank, or an Open-Assistant reply has none", false),
  DELETED("An Open-Assistant message that was deleted", false);

  private final String meaning;
  private final boolean isFault;

  Reason(String meaning, boolean isFault) {
    this.meaning = meaning;
    this.isFault = isFault;
  }

  /** Code in datasets and summaries, lower case. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String meaning() {
    return meaning;
  }

  /**
   * Whether something is wrong with the row. Ties, unranked and deleted rows are honest work of
   * annotators that a trainer has no use for: they do not count against {@code
   * prepare.max-bad-share}.
   */
  public boolean isFault() {
    return isFault;
  }
}
