package org.rlhf4j.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where a text may be cut so that its tokens are those of its pieces, one after the other. A
 * byte-level BPE tokenizer first splits a text into words by a regular expression, then merges
 * within each word. In none of the expressions known here does a word depend on what stands before
 * it, go on from a letter to anything but a letter, or go on over a space after a visible
 * character; so pieces begin after a run of letters, and at such a space.
 *
 * <p>Immutable.
 */
public final class TextPieces {
  /** Of Llama 3 and of Qwen 2, which differ in how many digits make a word. */
  private static final Set<String> WORD_PATTERNS =
      Set.of(wordPattern("\\p{N}{1,3}"), wordPattern("\\p{N}"));

  private final BitSet firstOfAdded = new BitSet();
  private final List<String> added;
  private final boolean onlyAscii;

  private TextPieces(List<String> added, boolean onlyAscii) {
    this.added = List.copyOf(added);
    this.onlyAscii = onlyAscii;
    added.forEach(content -> firstOfAdded.set(content.charAt(0)));
  }

  private static String wordPattern(String digits) {
    return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
        + digits
        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  }

  /** Empty for a tokenizer that may look across spaces, or of which that is not known. */
  static Optional<TextPieces> of(JsonNode tokenizer) {
    JsonNode normalizer = tokenizer.path("normalizer");
    boolean composes = normalizer.path("type").asText().equals("NFC");
    if (!isExactBpe(tokenizer.path("model"))
        || !(isAbsent(normalizer) || composes)
        || !splitsWords(tokenizer.path("pre_tokenizer"))) {
      return Optional.empty();
    }

    List<String> added = new ArrayList<>();
    for (JsonNode token : tokenizer.path("added_tokens")) {
      String content = token.path("content").asText();
      if (content.isEmpty()) {
        return Optional.empty();
      }
      added.add(content);
    }
    // NFC leaves ASCII as it is; elsewhere it might make up an added token.
    return Optional.of(new TextPieces(added, composes));
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  /** Dropout draws anew for each text. */
  private static boolean isExactBpe(JsonNode model) {
    return model.path("type").asText().equals("BPE") && isAbsent(model.path("dropout"));
  }

  private static boolean splitsWords(JsonNode preTokenizer) {
    if (!preTokenizer.path("type").asText().equals("Sequence")) {
      return isByteLevel(preTokenizer, true);
    }

    JsonNode steps = preTokenizer.path("pretokenizers");
    return steps.size() == 2
        && ((isWordSplit(steps.path(0)) && isByteLevel(steps.path(1), false))
            || (isDigits(steps.path(0)) && isByteLevel(steps.path(1), true)));
  }

  /** With its own expression, which is GPT-2's. */
  private static boolean isByteLevel(JsonNode step, boolean usesRegex) {
    return step.path("type").asText().equals("ByteLevel")
        && !step.path("add_prefix_space").asBoolean(true)
        && step.path("use_regex").asBoolean(true) == usesRegex;
  }

  private static boolean isWordSplit(JsonNode step) {
    return step.path("type").asText().equals("Split")
        && WORD_PATTERNS.contains(step.path("pattern").path("Regex").asText())
        && step.path("behavior").asText().equals("Isolated")
        && !step.path("invert").asBoolean(true);
  }

  private static boolean isDigits(JsonNode step) {
    return step.path("type").asText().equals("Digits");
  }

  /** Whether the text may be cut at all: added tokens are found before any word is. */
  public boolean mayCut(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((onlyAscii && c >= 0x80) || (firstOfAdded.get(c) && isAddedToken(text, i))) {
        return false;
      }
    }
    return true;
  }

  private boolean isAddedToken(String text, int start) {
    for (String content : added) {
      if (text.startsWith(content, start)) {
        return true;
      }
    }
    return false;
  }

  /** Where the piece that begins at {@code start} ends. */
  public int end(String text, int start) {
    int end = start + 1;
    while (end < text.length() && !beginsPiece(text, end)) {
      end++;
    }
    return end;
  }

  private static boolean beginsPiece(String text, int i) {
    char c = text.charAt(i);
    char before = text.charAt(i - 1);
    if (isAsciiLetter(before)) {
      return c < 0x80 && !isAsciiLetter(c);
    }

    return c == ' ' && isVisible(before);
  }

  private static boolean isAsciiLetter(char c) {
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'z';
  }

  /** Surely no white space, by any version of Unicode. */
  private static boolean isVisible(char c) {
    return c < 0x80 ? c > ' ' && c < 0x7F : Character.isLetterOrDigit(c);
  }
}
