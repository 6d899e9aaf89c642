package org.rlhf4j.data.similarity;

import java.lang.Character.UnicodeScript;
import java.util.Arrays;
import org.rlhf4j.data.dataset.RowIds;

/**
 * The words of a text as 64-bit hashes. A word is a run of letters, marks and digits in lower case;
 * any other visible character is a word of its own, and so is each character of a script that is
 * written without blanks.
 */
public final class Words {
  /** Scripts without blanks begin here; below, no script has to be looked up. */
  private static final int FIRST_WITHOUT_BLANKS = 0x0E00;

  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private final CharSequence text;
  private long[] hashes = new long[64];
  private int[] ends = new int[64];
  private int count;

  private Words(CharSequence text) {
    this.text = text;
  }

  /** Hashes of the words, in order, [W]; none for a text of blanks. */
  public static long[] of(CharSequence text) {
    Words words = split(text);
    return Arrays.copyOf(words.hashes, words.count);
  }

  /** The part of a text that holds some of its words, from the end of the word before. */
  public static String passage(CharSequence text, int first, int count) {
    Words words = split(text);
    int start = first == 0 ? 0 : words.ends[first - 1];
    int end = words.ends[Math.min(first + count, words.count) - 1];
    return words.text.subSequence(start, end).toString().strip();
  }

  private static Words split(CharSequence text) {
    Words words = new Words(RowIds.compose(text));
    words.split();
    return words;
  }

  private void split() {
    long word = OFFSET; // FNV-1a over the code points
    boolean isOpen = false;
    for (int i = 0; i < text.length(); ) {
      int start = i;
      int character = Character.codePointAt(text, i);
      i += Character.charCount(character);
      boolean isPart = isPartOfWord(character);
      if (isPart && !standsAlone(character)) {
        word = (word ^ Character.toLowerCase(character)) * PRIME;
        isOpen = true;
        continue;
      }

      if (isOpen) {
        add(word, start);
        word = OFFSET;
        isOpen = false;
      }

      if (isPart || !isBlank(character)) {
        add((OFFSET ^ Character.toLowerCase(character)) * PRIME, i);
      }
    }

    if (isOpen) {
      add(word, text.length());
    }
  }

  private void add(long word, int end) {
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
    }

    hashes[count] = Hashes.mix(word);
    ends[count] = end;
    count++;
  }

  private static boolean isPartOfWord(int character) {
    if (character < 128) {
      return (character >= 'a' && character <= 'z')
          || (character >= 'A' && character <= 'Z')
          || (character >= '0' && character <= '9');
    }

    int type = Character.getType(character);
    return Character.isLetterOrDigit(character)
        || type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }

  private static boolean standsAlone(int character) {
    if (character < FIRST_WITHOUT_BLANKS) {
      return false;
    }

    return switch (UnicodeScript.of(character)) {
      case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
      default -> false;
    };
  }

  private static boolean isBlank(int character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || Character.isISOControl(character)
        || Character.getType(character) == Character.FORMAT;
  }
}
