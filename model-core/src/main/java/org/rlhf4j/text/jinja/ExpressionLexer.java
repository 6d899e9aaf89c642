package org.rlhf4j.text.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens of one tag, from behind its opening to behind its closing. */
final class ExpressionLexer {
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
  private static final Pattern FLOAT =
      Pattern.compile("\\d[\\d_]*(\\.\\d[\\d_]*)?[eE][+-]?\\d+|\\d[\\d_]*\\.\\d[\\d_]*");
  private static final Pattern INTEGER = Pattern.compile("\\d[\\d_]*");
  private static final Pattern OPERATOR =
      Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}><=.:|,]");
  private static final String OPENING = "([{";
  private static final String CLOSING = ")]}";

  private final String source;
  private final int line;
  private final String closing;
  private final List<Token> tokens = new ArrayList<>();
  private final Deque<Character> open = new ArrayDeque<>();
  private int at;
  private char sign = ' ';

  ExpressionLexer(String source, int start, int line, String closing) {
    this.source = source;
    this.at = start;
    this.line = line;
    this.closing = closing;
  }

  List<Token> tokens() {
    while (true) {
      while (at < source.length() && Strings.isSpace(source.charAt(at))) {
        at++;
      }
      if (at >= source.length()) {
        throw error("a tag has no end");
      }
      if (open.isEmpty() && isClosed()) {
        return tokens;
      }
      readToken();
    }
  }

  private boolean isClosed() {
    char first = source.charAt(at);
    boolean signed = (first == '-' || (first == '+' && closing.equals("%}")));
    if (signed && source.startsWith(closing, at + 1)) {
      sign = first;
      at += 1 + closing.length();
      return true;
    }
    if (source.startsWith(closing, at)) {
      at += closing.length();
      return true;
    }
    return false;
  }

  private void readToken() {
    char first = source.charAt(at);
    if (first == '\'' || first == '"') {
      readString(first);
    } else if (!matches(FLOAT, Token.Kind.FLOAT)
        && !matches(INTEGER, Token.Kind.INTEGER)
        && !matches(NAME, Token.Kind.NAME)
        && !matches(OPERATOR, Token.Kind.OPERATOR)) {
      throw error("the character '" + first + "' is not expected");
    }
  }

  private boolean matches(Pattern pattern, Token.Kind kind) {
    Matcher matcher = pattern.matcher(source).region(at, source.length());
    if (!matcher.lookingAt()) {
      return false;
    }
    String text = matcher.group();
    if (kind == Token.Kind.OPERATOR) {
      balance(text.charAt(0));
    }
    boolean number = kind == Token.Kind.INTEGER || kind == Token.Kind.FLOAT;
    tokens.add(new Token(kind, number ? text.replace("_", "") : text, line));
    at = matcher.end();
    return true;
  }

  /** A closing brace inside brackets is no end of the tag. */
  private void balance(char bracket) {
    if (OPENING.indexOf(bracket) >= 0) {
      open.push(CLOSING.charAt(OPENING.indexOf(bracket)));
    } else if (CLOSING.indexOf(bracket) >= 0 && (open.isEmpty() || open.pop() != bracket)) {
      throw error("'" + bracket + "' closes nothing");
    }
  }

  private void readString(char quote) {
    StringBuilder value = new StringBuilder();
    int i = at + 1;
    while (i < source.length() && source.charAt(i) != quote) {
      if (source.charAt(i) == '\\' && i + 1 < source.length()) {
        i = unescape(i + 1, value);
      } else {
        value.append(source.charAt(i++));
      }
    }
    if (i >= source.length()) {
      throw error("a string has no end");
    }
    tokens.add(new Token(Token.Kind.STRING, value.toString(), line));
    at = i + 1;
  }

  /** Appends what Python makes of the escape whose letter stands at i; returns what follows it. */
  private int unescape(int i, StringBuilder value) {
    char letter = source.charAt(i);
    int plain = "ntrbfav\\'\"0".indexOf(letter);
    if (plain >= 0) {
      value.append("\n\t\r\b\f\007\013\\'\"\0".charAt(plain));
      return i + 1;
    }
    int digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    if (digits > 0) {
      try {
        value.appendCodePoint(Integer.parseInt(source.substring(i + 1, i + 1 + digits), 16));
        return i + 1 + digits;
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw error("a string has an escape that is not valid");
      }
    }
    if (letter != '\n') {
      value.append('\\').append(letter);
    }
    return i + 1;
  }

  /** Place behind the closing of the tag. */
  int end() {
    return at;
  }

  /** The sign before the closing, or a space. */
  char sign() {
    return sign;
  }

  private TemplateException error(String problem) {
    return new TemplateException(problem + " (line " + line + ")");
  }
}
