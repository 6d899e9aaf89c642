package org.rlhf4j.data.dataset;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Ids that depend on a row's content alone, so that the same row has the same id in every file, on
 * every cluster and in every release.
 *
 * <p>An id is the first 128 bits of the SHA-256 of its parts, in hexadecimal. Each part is written
 * as its length in UTF-8 bytes (four bytes, big endian) and these bytes, so that no two lists of
 * parts look alike.
 */
public final class RowIds {
  private static final int ID_BYTES = 16;
  private static final char FIRST_MARK = 0x300;

  private RowIds() {}

  /**
   * Text as it is compared: Unicode form NFC, every run of white space one blank, none at the ends.
   * Case, punctuation and accents count.
   */
  public static String normalize(String text) {
    return isNormal(text) ? text : normalized(text);
  }

  /** Whether a text is plain ASCII and normal already, as most are: then nothing is copied. */
  private static boolean isNormal(String text) {
    boolean isAfterBlank = true; // no blank at the start
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isBlank = c == ' ';
      if (c < ' ' || c > '~' || (isBlank && isAfterBlank)) {
        return false;
      }

      isAfterBlank = isBlank;
    }

    return text.isEmpty() || !isAfterBlank;
  }

  private static String normalized(String text) {
    CharSequence composed = compose(text);
    StringBuilder normal = new StringBuilder(composed.length());
    boolean isPending = false;
    for (int i = 0; i < composed.length(); i++) {
      char c = composed.charAt(i);
      if (isSpace(c)) {
        isPending = normal.length() > 0;
        continue;
      }

      if (isPending) {
        normal.append(' ');
        isPending = false;
      }

      normal.append(c);
    }

    return normal.toString();
  }

  /** Unicode form NFC. Texts below the first combining mark have it and are told by a look. */
  public static CharSequence compose(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= FIRST_MARK) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
      }
    }

    return text;
  }

  /** Whether a text has nothing but white space. */
  public static boolean isBlank(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isSpace(text.charAt(i))) {
        return false;
      }
    }

    return true;
  }

  /** Hash of the roles and normalised contents of a prompt's turns. */
  public static String promptId(List<Message> prompt) {
    List<String> parts = new ArrayList<>();
    for (Message message : prompt) {
      parts.add(message.role().toLowerCase(Locale.ROOT));
      parts.add(normalize(message.content()));
    }

    return hash("prompt", parts);
  }

  /** Hash of a kind of row and its parts. */
  public static String hash(String kind, List<String> parts) {
    MessageDigest sha256 = sha256();
    update(sha256, kind);
    parts.forEach(part -> update(sha256, part));
    return HexFormat.of().formatHex(Arrays.copyOf(sha256.digest(), ID_BYTES));
  }

  /** Hash of raw bytes. */
  public static String hash(String kind, byte[] bytes) {
    MessageDigest sha256 = sha256();
    update(sha256, kind);
    sha256.update(bytes);
    return HexFormat.of().formatHex(Arrays.copyOf(sha256.digest(), ID_BYTES));
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static void update(MessageDigest digest, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
