package org.rlhf4j.jobs.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The printable character that stands for each byte in byte-level BPE files (Radford et al. 2019,
 * section 2.2, and the released GPT-2 code): itself for printable Latin-1, U+0100 and following for
 * the other bytes in ascending order.
 */
final class ByteAlphabet {
  static final int SIZE = 256;

  private static final char[] CHARACTER = characters();

  private ByteAlphabet() {}

  private static char[] characters() {
    char[] characters = new char[SIZE];
    char next = 256;
    for (int b = 0; b < SIZE; b++) {
      characters[b] = isPrintable(b) ? (char) b : next++;
    }
    return characters;
  }

  private static boolean isPrintable(int b) {
    return (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
  }

  /** The characters of all bytes, ascending, [256]. */
  static char[] sorted() {
    char[] sorted = CHARACTER.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  /** Characters of a text's UTF-8 bytes, one per byte. */
  static char[] of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    char[] characters = new char[bytes.length];
    IntStream.range(0, bytes.length).forEach(i -> characters[i] = CHARACTER[bytes[i] & 0xff]);
    return characters;
  }
}
