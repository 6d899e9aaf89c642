package org.rlhf4j.data.raw;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The raw formats of the contract. */
public enum RawFormat {
  PREFERENCE("preference", new PreferenceParser()),
  HH_RLHF("hh-rlhf", new DialogueParser()),
  RANKING("ranking", new RankingParser()),
  COMPARISONS("comparisons", new ComparisonsParser()),
  FINE_GRAINED("fine-grained", new FineGrainedParser()),
  RATING("rating", new RatingParser()),
  BINARY("binary", new BinaryParser()),
  OASST("oasst", new OasstParser()),
  DEMONSTRATION("demonstration", new DemonstrationParser()),
  PROMPT("prompt", new PromptParser()),
  VOTE("vote", new VoteParser());

  private final String formatName;

  @SuppressWarnings("ImmutableEnumChecker") // parsers have no state
  private final RowParser parser;

  RawFormat(String formatName, RowParser parser) {
    this.formatName = formatName;
    this.parser = parser;
  }

  /** Name on the command line. */
  public String formatName() {
    return formatName;
  }

  /** The format with this name on the command line; empty if there is none. */
  public static Optional<RawFormat> named(String name) {
    return Arrays.stream(values()).filter(format -> format.formatName.equals(name)).findFirst();
  }

  /** All names, in the order of the formats. */
  public static List<String> names() {
    return Arrays.stream(values()).map(RawFormat::formatName).toList();
  }

  RawRecord parse(JsonRow row) throws RejectedRowException {
    return parser.parse(row);
  }

  /**
   * The format of a row by the fields that say something, most telling first; then by those that it
   * only names. A field that is null still tells, so that the rejection can say what is missing.
   */
  static Optional<RawFormat> detect(JsonRow row) {
    return detectJudged(row, row::has)
        .or(() -> detectUnlabelled(row))
        .or(() -> detectDemonstration(row, row::has))
        .or(() -> detectJudged(row, row::names))
        .or(() -> detectDemonstration(row, row::names))
        .or(() -> detectPrompt(row));
  }

  private static Optional<RawFormat> detectJudged(JsonRow row, Predicate<String> tells) {
    if (tells.test("chosen") || tells.test("rejected")) {
      return Optional.of(isDialogue(row) ? HH_RLHF : PREFERENCE);
    } else if (tells.test("responses") || tells.test("ranks")) {
      return Optional.of(RANKING);
    } else if (tells.test("summaries")) {
      return Optional.of(COMPARISONS);
    } else if (FineGrainedParser.isLike(tells)) {
      return Optional.of(FINE_GRAINED);
    } else if (tells.test("message_id") || tells.test("replies") || row.isObject("prompt")) {
      return Optional.of(OASST);
    } else if (tells.test("rating")) {
      return Optional.of(RATING);
    } else if (tells.test("item") || VoteParser.isOfArguments(row)) {
      return Optional.of(VOTE);
    }

    return tells.test("label") ? Optional.of(BINARY) : Optional.empty();
  }

  /** Something to judge whose judgement is null: without that it would be something to imitate. */
  private static Optional<RawFormat> detectUnlabelled(JsonRow row) {
    boolean isMessage = row.names("message_id") || row.names("replies");
    if (isMessage && row.has("role") && row.has("text")) {
      return Optional.of(OASST);
    }

    boolean isRated = row.has("response") || (row.has("completion") && !row.names("response"));
    if (row.names("rating") && isRated) {
      return Optional.of(RATING);
    }

    boolean isLabelled = row.names("label") && (row.has("completion") || row.has("response"));
    return isLabelled ? Optional.of(BINARY) : Optional.empty();
  }

  private static Optional<RawFormat> detectDemonstration(JsonRow row, Predicate<String> tells) {
    boolean isDemonstration =
        List.of("completion", "response", "instruction", "output", "answer", "text").stream()
            .anyMatch(tells);
    return isDemonstration || PromptParser.endsWithAssistant(row)
        ? Optional.of(DEMONSTRATION)
        : Optional.empty();
  }

  private static Optional<RawFormat> detectPrompt(JsonRow row) {
    boolean isPrompt = List.of("prompt", "messages", "turns").stream().anyMatch(row::names);
    return isPrompt ? Optional.of(PROMPT) : Optional.empty();
  }

  /** Beside a prompt the sides are dialogues only if both begin as one; a null one tells less. */
  private static boolean isDialogue(JsonRow row) {
    boolean isText = row.isText("chosen") || row.isText("rejected");
    if (!isText || !row.names("prompt")) {
      return isText;
    }

    return row.has("prompt") ? DialogueParser.areWhole(row) : DialogueParser.isLike(row);
  }
}
