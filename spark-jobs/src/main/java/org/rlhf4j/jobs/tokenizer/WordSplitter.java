package org.rlhf4j.jobs.tokenizer;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits text into the words within which BPE merges: GPT-2's rule (Radford et al. 2019). */
final class WordSplitter {
  /** Java's own \s knows ASCII only, the rule means Unicode's white space. */
  private static final String SPACE = "\\p{IsWhite_Space}";

  private static final Pattern WORD =
      Pattern.compile(
          String.format(
              "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^%1$s\\p{L}\\p{N}]+"
                  + "|%1$s+(?!%2$s)|%1$s+",
              SPACE, "\\P{IsWhite_Space}"));

  private WordSplitter() {}

  static void split(String text, Consumer<String> words) {
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      words.accept(matcher.group());
    }
  }
}
