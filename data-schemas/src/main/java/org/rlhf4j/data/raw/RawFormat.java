package org.rlhf4j.data.raw;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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

  public static Optional<RawFormat> named(String name) {
    return Arrays.stream(values()).filter(format -> format.formatName.equals(name)).findFirst();
  }

  public static List<String> names() {
    return Arrays.stream(values()).map(RawFormat::formatName).toList();
  }

  RawRecord parse(JsonRow row) throws RejectedRowException {
    return parser.parse(row);
  }

  /**
   * The format of a row by the fields it names, most telling first. A field that is null or wrong
   * still tells, so that the rejection can say what is wrong with it.
   */
  static Optional<RawFormat> detect(JsonRow row) {
    if (row.names("chosen") || row.names("rejected")) {
      boolean isDialogue = !row.names("prompt") && (row.isText("chosen") || row.isText("rejected"));
      return Optional.of(isDialogue ? HH_RLHF : PREFERENCE);
    } else if (row.names("responses") || row.names("ranks")) {
      return Optional.of(RANKING);
    } else if (row.names("summaries")) {
      return Optional.of(COMPARISONS);
    } else if (FineGrainedParser.isLike(row)) {
      return Optional.of(FINE_GRAINED);
    } else if (row.names("message_id") || row.names("replies") || row.isObject("prompt")) {
      return Optional.of(OASST);
    } else if (row.names("rating")) {
      return Optional.of(RATING);
    } else if (row.names("item") || VoteParser.isOfArguments(row)) {
      return Optional.of(VOTE);
    } else if (row.names("label")) {
      return Optional.of(BINARY);
    }

    return detectUnjudged(row);
  }

  private static Optional<RawFormat> detectUnjudged(JsonRow row) {
    boolean isDemonstration =
        List.of("completion", "response", "instruction", "output", "answer", "text").stream()
            .anyMatch(row::names);
    if (isDemonstration || PromptParser.endsWithAssistant(row)) {
      return Optional.of(DEMONSTRATION);
    }

    boolean isPrompt = List.of("prompt", "messages", "turns").stream().anyMatch(row::names);
    return isPrompt ? Optional.of(PROMPT) : Optional.empty();
  }
}
