package org.rlhf4j.jobs.prepare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.rlhf4j.config.DataConfig.OverLength;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.raw.DatasetRecord;
import org.rlhf4j.data.raw.RawRecord.Comparisons;
import org.rlhf4j.data.raw.RawRecord.DemonstratedResponse;
import org.rlhf4j.data.raw.RawRecord.PlainPrompt;
import org.rlhf4j.data.raw.RawRecord.Ranking;
import org.rlhf4j.data.raw.RawRecord.RatedResponse;
import org.rlhf4j.data.raw.RawRecord.Tree;
import org.rlhf4j.data.raw.RowLengths;
import org.rlhf4j.text.TextEncoder;

/**
 * Measures rows in tokens, and cuts them. Prompts are measured as they are rendered for the model,
 * responses without their end token.
 */
final class TextLimits implements RowLengths.Measure {
  /** What the tokenizer writes for a character that was cut apart. */
  private static final String CUT_CHARACTER = "\uFFFD";

  private final TextEncoder encoder;
  private final int maxPromptTokens;
  private final int maxResponseTokens;
  private final OverLength overLength;

  TextLimits(
      TextEncoder encoder, int maxPromptTokens, int maxResponseTokens, OverLength overLength) {
    this.encoder = encoder;
    this.maxPromptTokens = maxPromptTokens == 0 ? Integer.MAX_VALUE : maxPromptTokens;
    this.maxResponseTokens = maxResponseTokens == 0 ? Integer.MAX_VALUE : maxResponseTokens;
    this.overLength = overLength;
  }

  OverLength overLength() {
    return overLength;
  }

  /** Why the row's prompt has no form as text; empty if it has one. */
  Optional<String> refusal(DatasetRecord row) {
    return row instanceof Tree tree
        ? tree.rankings().stream().flatMap(r -> refusal(r).stream()).findFirst()
        : encoder.refusal(row.prompt());
  }

  /** What is too long about a row, measured in tokens; empty if nothing is. */
  Optional<String> excess(RowLengths row) {
    if (row.prompt() > maxPromptTokens) {
      return Optional.of(
          "the prompt has %d tokens, allowed are %d".formatted(row.prompt(), maxPromptTokens));
    }

    return row.response() <= maxResponseTokens
        ? Optional.empty()
        : Optional.of(
            "a response has %d tokens, allowed are %d"
                .formatted(row.response(), maxResponseTokens));
  }

  /** The row with its prompt and responses cut to the limits. */
  DatasetRecord cut(DatasetRecord row) {
    if (row instanceof Tree tree) {
      return new Tree(tree.rankings().stream().map(this::cut).toList());
    } else if (row instanceof Ranking ranking) {
      return cut(ranking);
    } else if (row instanceof Comparisons comparisons) {
      return new Comparisons(
          comparisons.pairs().stream().map(this::cut).toList(), comparisons.responses());
    } else if (row instanceof RatedResponse rated) {
      return new RatedResponse(
          cutPrompt(rated.prompt()),
          cutResponse(rated.response()),
          rated.rating(),
          rated.isYesOrNo(),
          rated.critique(),
          rated.origin());
    } else if (row instanceof DemonstratedResponse demonstrated) {
      return new DemonstratedResponse(
          cutPrompt(demonstrated.prompt()),
          cutResponse(demonstrated.response()),
          demonstrated.origin());
    }

    PlainPrompt prompt = (PlainPrompt) row;
    return new PlainPrompt(cutPrompt(prompt.prompt()), prompt.origin());
  }

  private Ranking cut(Ranking ranking) {
    return new Ranking(
        cutPrompt(ranking.prompt()),
        ranking.responses().stream().map(this::cutResponse).toList(),
        ranking.ranks(),
        ranking.margin(),
        ranking.critique(),
        ranking.origin());
  }

  @Override
  public int prompt(List<Message> prompt) {
    return prompt.isEmpty() ? 0 : encoder.promptTokens(prompt).length;
  }

  @Override
  public int response(String response) {
    return encoder.responseTokens(response).length;
  }

  /**
   * From the right, whatever the rule for prompts: a response without its beginning says nothing.
   */
  private String cutResponse(String response) {
    String text = response;
    for (int excess = response(text) - maxResponseTokens; excess > 0; ) {
      text = withoutTokens(text, excess, OverLength.TRUNCATE_RIGHT);
      excess = response(text) - maxResponseTokens;
    }

    return text;
  }

  /** From the left whole turns go first, all but the last one; then its text is cut. */
  private List<Message> cutPrompt(List<Message> prompt) {
    List<Message> turns = new ArrayList<>(prompt);
    while (overLength == OverLength.TRUNCATE_LEFT
        && turns.size() > 1
        && (encoder.refusal(turns).isPresent() || prompt(turns) > maxPromptTokens)) {
      turns.remove(0);
    }

    while (!turns.isEmpty()) {
      if (encoder.refusal(turns).isPresent()) {
        return List.of(); // nothing that the template accepts is short enough
      }

      int excess = prompt(turns) - maxPromptTokens;
      if (excess <= 0) {
        break;
      }

      Message last = turns.remove(turns.size() - 1);
      String content = withoutTokens(last.content(), excess, overLength);
      if (!RowIds.isBlank(content)) {
        turns.add(new Message(last.role(), content));
      }
    }

    return List.copyOf(turns);
  }

  private String withoutTokens(String text, int excess, OverLength rule) {
    int[] tokens = encoder.responseTokens(text);
    int kept = Math.max(0, tokens.length - excess);
    boolean isLeft = rule == OverLength.TRUNCATE_LEFT;
    int start = isLeft ? tokens.length - kept : 0;
    String cut = encoder.tokenizer().decode(Arrays.copyOfRange(tokens, start, start + kept));
    while (isLeft && cut.startsWith(CUT_CHARACTER)) {
      cut = cut.substring(1);
    }

    while (!isLeft && cut.endsWith(CUT_CHARACTER)) {
      cut = cut.substring(0, cut.length() - 1);
    }

    return cut.length() < text.length() ? cut : "";
  }
}
