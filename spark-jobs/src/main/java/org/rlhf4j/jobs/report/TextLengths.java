package org.rlhf4j.jobs.report;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.rlhf4j.data.dataset.Demonstration;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.text.TextEncoder;

/** Rows by split, and how long their texts are; merged across partitions. */
final class TextLengths implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Map<String, Long> splits = new TreeMap<>();
  private final Map<String, LengthHistogram> characters = new TreeMap<>();
  private final Map<String, LengthHistogram> tokens = new TreeMap<>();
  private long different;
  private long longerChosen;

  /**
   * @param row of preferences, demonstrations, ratings or prompts
   * @param encoder counts tokens
   */
  TextLengths add(Record row, Optional<TextEncoder> encoder) {
    if (row instanceof PreferencePair pair) {
      addSplit(pair.split());
      addPrompt(pair.prompt(), encoder);
      addResponse("chosen", pair.chosen(), encoder);
      addResponse("rejected", pair.rejected(), encoder);
      int difference = Integer.compare(length(pair.chosen()), length(pair.rejected()));
      different += difference == 0 ? 0 : 1;
      longerChosen += difference > 0 ? 1 : 0;
    } else if (row instanceof Demonstration demonstration) {
      addSplit(demonstration.split());
      addPrompt(demonstration.prompt(), encoder);
      addResponse("response", demonstration.response(), encoder);
    } else if (row instanceof Rating rating) {
      addSplit(rating.split());
      addPrompt(rating.prompt(), encoder);
      addResponse("response", rating.response(), encoder);
    } else if (row instanceof Prompt prompt) {
      addSplit(prompt.split());
      addPrompt(prompt.prompt(), encoder);
    }

    return this;
  }

  private void addSplit(Split split) {
    splits.merge(split.name().toLowerCase(Locale.ROOT), 1L, Long::sum);
  }

  private void addPrompt(List<Message> prompt, Optional<TextEncoder> encoder) {
    int length = prompt.stream().mapToInt(message -> length(message.content())).sum();
    add(characters, "prompt", length);
    if (encoder.isPresent() && encoder.get().refusal(prompt).isEmpty()) {
      add(tokens, "prompt", encoder.get().promptTokens(prompt).length);
    }
  }

  private void addResponse(String field, String text, Optional<TextEncoder> encoder) {
    add(characters, field, length(text));
    encoder.ifPresent(e -> add(tokens, field, e.responseTokens(text).length));
  }

  private static void add(Map<String, LengthHistogram> histograms, String field, int length) {
    histograms.computeIfAbsent(field, name -> new LengthHistogram()).add(length);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  TextLengths merge(TextLengths other) {
    other.splits.forEach((split, rows) -> splits.merge(split, rows, Long::sum));
    other.characters.forEach((f, h) -> characters.merge(f, h, LengthHistogram::merge));
    other.tokens.forEach((f, h) -> tokens.merge(f, h, LengthHistogram::merge));
    different += other.different;
    longerChosen += other.longerChosen;
    return this;
  }

  Map<String, Long> splits() {
    return splits;
  }

  /** By field. */
  Map<String, LengthHistogram> characters() {
    return characters;
  }

  /** By field; empty without a tokenizer. */
  Map<String, LengthHistogram> tokens() {
    return tokens;
  }

  /** Share of pairs of different length whose longer response is chosen. */
  Optional<Double> longerChosen() {
    return different == 0 ? Optional.empty() : Optional.of((double) longerChosen / different);
  }
}
