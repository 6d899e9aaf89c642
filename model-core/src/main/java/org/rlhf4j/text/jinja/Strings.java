package org.rlhf4j.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Methods of Python's str. */
final class Strings {
  private Strings() {}

  static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
  }

  /** Whether there is nothing but white space, and some of it. */
  static boolean isBlank(String text) {
    return !text.isEmpty() && text.codePoints().allMatch(Strings::isSpace);
  }

  static String stripLeft(String text) {
    return strip(text, Optional.empty(), true, false);
  }

  static String stripRight(String text) {
    return strip(text, Optional.empty(), false, true);
  }

  /** Without the characters at the ends, white space where none are given. */
  static String strip(String text, Optional<String> characters, boolean left, boolean right) {
    int start = 0;
    int end = text.length();
    while (left && start < end && goes(text.charAt(start), characters)) {
      start++;
    }
    while (right && end > start && goes(text.charAt(end - 1), characters)) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean goes(char c, Optional<String> characters) {
    return characters.map(all -> all.indexOf(c) >= 0).orElse(isSpace(c));
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return upper(text.substring(0, first)) + lower(text.substring(first));
  }

  /** Every run of letters begins with a capital. */
  static String title(String text) {
    StringBuilder title = new StringBuilder();
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      String letter = text.substring(i, i + 1);
      title.append(inWord ? lower(letter) : upper(letter));
      inWord = Character.isLetter(text.charAt(i));
    }
    return title.toString();
  }

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static List<Object> characters(String text) {
    List<Object> characters = new ArrayList<>();
    text.codePoints().forEach(c -> characters.add(Character.toString(c)));
    return characters;
  }

  static List<Object> split(String text, Optional<String> separator, long most) {
    List<Object> parts = new ArrayList<>();
    if (separator.isEmpty()) {
      splitAtSpace(text, most, parts);
      return parts;
    }
    if (separator.get().isEmpty()) {
      throw new TemplateException("empty separator");
    }
    int from = 0;
    while (most < 0 || parts.size() < most) {
      int found = text.indexOf(separator.get(), from);
      if (found < 0) {
        break;
      }
      parts.add(text.substring(from, found));
      from = found + separator.get().length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static void splitAtSpace(String text, long most, List<Object> parts) {
    String rest = stripLeft(text);
    while (!rest.isEmpty()) {
      if (most >= 0 && parts.size() == most) {
        parts.add(rest);
        return;
      }
      int end = 0;
      while (end < rest.length() && !isSpace(rest.charAt(end))) {
        end++;
      }
      parts.add(rest.substring(0, end));
      rest = stripLeft(rest.substring(end));
    }
  }

  /** From the right; separators are not white space. */
  static List<Object> splitRight(String text, String separator, long most) {
    if (separator.isEmpty()) {
      throw new TemplateException("empty separator");
    }
    List<Object> parts = new ArrayList<>();
    String rest = text;
    while (most < 0 || parts.size() < most) {
      int found = rest.lastIndexOf(separator);
      if (found < 0) {
        break;
      }
      parts.add(0, rest.substring(found + separator.length()));
      rest = rest.substring(0, found);
    }
    parts.add(0, rest);
    return parts;
  }

  static List<Object> splitLines(String text) {
    List<Object> lines = new ArrayList<>();
    text.lines().forEach(lines::add);
    return lines;
  }

  static String replace(String text, String old, String replacement, long most) {
    StringBuilder replaced = new StringBuilder();
    int from = 0;
    for (long count = 0; most < 0 || count < most; count++) {
      int found = text.indexOf(old, from);
      if (old.isEmpty() || found < 0) {
        break;
      }
      checkLength(replaced.length() + (long) replacement.length());
      replaced.append(text, from, found).append(replacement);
      from = found + old.length();
    }
    return replaced.append(text.substring(from)).toString();
  }

  static long count(String text, String part) {
    if (part.isEmpty()) {
      return text.codePointCount(0, text.length()) + 1L;
    }
    long count = 0;
    for (int i = text.indexOf(part); i >= 0; i = text.indexOf(part, i + part.length())) {
      count++;
    }
    return count;
  }

  static void checkLength(long length) {
    if (length > Output.LONGEST) {
      throw new TemplateException("its text becomes too long");
    }
  }
}
