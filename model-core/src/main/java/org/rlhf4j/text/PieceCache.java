package org.rlhf4j.text;

import java.util.Arrays;
import java.util.function.Function;
import org.rlhf4j.hub.TextPieces;

/**
 * Tokens of texts by those of their pieces, of which it remembers the ones seen last. Most of a
 * text is words that came before, and to look one up takes a hundredth of the time of encoding it.
 *
 * <p>Thread-safe without locks: a slot holds a whole piece or none, and one that another thread has
 * replaced is encoded again.
 */
final class PieceCache {
  /** With what they hold some 8 MB. */
  private static final int SLOTS = 1 << 16;

  /** Characters; longer pieces are seldom seen twice. */
  private static final int MAX_LENGTH = 32;

  private record Piece(String text, int[] tokens) {}

  private final TextPieces rule;
  private final Function<String, int[]> encoder;
  private final Piece[] slots = new Piece[SLOTS];

  PieceCache(TextPieces rule, Function<String, int[]> encoder) {
    this.rule = rule;
    this.encoder = encoder;
  }

  /** Tokens of a text without special tokens, [T]. */
  int[] encode(String text) {
    if (!rule.mayCut(text)) {
      return encoder.apply(text);
    }

    int[] tokens = new int[text.length() / 2 + 1]; // seldom as many
    int count = 0;
    int end;
    for (int start = 0; start < text.length(); start = end) {
      end = rule.end(text, start);
      int[] piece = piece(text, start, end);
      if (count + piece.length > tokens.length) {
        tokens = Arrays.copyOf(tokens, Math.max(2 * tokens.length, count + piece.length));
      }
      System.arraycopy(piece, 0, tokens, count, piece.length);
      count += piece.length;
    }

    return Arrays.copyOf(tokens, count);
  }

  private int[] piece(String text, int start, int end) {
    int length = end - start;
    if (length > MAX_LENGTH) {
      return encoder.apply(text.substring(start, end));
    }

    int slot = slot(text, start, end);
    Piece known = slots[slot];
    if (known != null && known.text().length() == length && text.startsWith(known.text(), start)) {
      return known.tokens();
    }

    String piece = text.substring(start, end);
    int[] tokens = encoder.apply(piece);
    slots[slot] = new Piece(piece, tokens);
    return tokens;
  }

  private static int slot(String text, int start, int end) {
    int hash = 0;
    for (int i = start; i < end; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return (hash * 0x9E3779B9) >>> (Integer.SIZE - Integer.numberOfTrailingZeros(SLOTS));
  }
}
