package org.rlhf4j.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a template into text and tags, with the white space around tags that is not text. */
final class Lexer {
  private static final Pattern RAW_BEGIN = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-?)%\\}\\n?");
  private static final Pattern RAW_END =
      Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}(\\n?)");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private boolean lineStarting = true;
  private int counted; // characters whose line breaks are in the next
  private int line = 1;

  Lexer(String text) {
    String lines = text.replace("\r\n", "\n").replace('\r', '\n');
    this.source = lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
  }

  List<Token> tokens() {
    while (at < source.length()) {
      int tag = nextTag();
      if (tag < 0) {
        addData(source.substring(at));
        at = source.length();
        break;
      }
      char kind = source.charAt(tag + 1);
      addData(textBefore(tag, kind));
      readTag(tag, kind);
    }
    tokens.add(new Token(Token.Kind.END, "", line()));
    return tokens;
  }

  private int nextTag() {
    for (int i = source.indexOf('{', at); i >= 0 && i + 1 < source.length(); ) {
      if ("{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
      i = source.indexOf('{', i + 1);
    }
    return -1;
  }

  private void addData(String text) {
    if (!text.isEmpty()) {
      tokens.add(new Token(Token.Kind.DATA, text, line()));
    }
  }

  private int line() {
    for (; counted < Math.min(at, source.length()); counted++) {
      line += source.charAt(counted) == '\n' ? 1 : 0;
    }
    return line;
  }

  /** Text up to a tag, without the white space that the tag takes away. */
  private String textBefore(int tag, char kind) {
    String text = source.substring(at, tag);
    char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
    if (sign == '-') {
      return Strings.stripRight(text);
    }
    if (sign == '+' || kind == '{') {
      return text;
    }
    int lineStart = text.lastIndexOf('\n') + 1;
    boolean ownLine = lineStart > 0 || lineStarting;
    return ownLine && Strings.isBlank(text.substring(lineStart))
        ? text.substring(0, lineStart)
        : text;
  }

  private void readTag(int tag, char kind) {
    int begin = tag + 2;
    if (begin < source.length() && "-+".indexOf(source.charAt(begin)) >= 0) {
      begin++;
    }
    Matcher raw = RAW_BEGIN.matcher(source).region(tag, source.length());
    if (kind == '#') {
      at = begin;
      skipComment();
    } else if (kind == '%' && raw.lookingAt()) {
      readRaw(raw);
    } else {
      at = begin;
      readExpression(kind);
    }
    lineStarting = at > 0 && source.charAt(at - 1) == '\n';
  }

  private void skipComment() {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw error("a comment has no end");
    }
    boolean strips = end > at && source.charAt(end - 1) == '-';
    boolean keeps = end > at && source.charAt(end - 1) == '+';
    at = end + 2;
    skipAfterTag(strips, keeps);
  }

  private void readRaw(Matcher begin) {
    at = begin.end();
    Matcher end = RAW_END.matcher(source);
    if (!end.find(at)) {
      throw error("a raw block has no end");
    }
    String text = source.substring(at, end.start());
    text = begin.group(1).equals("-") ? Strings.stripLeft(text) : text;
    addData(end.group(1).equals("-") ? Strings.stripRight(text) : text);
    at = end.end();
    if (end.group(2).equals("-")) {
      skipSpace();
    }
  }

  /** A block tag takes the line break after it away; a variable does not. */
  private void skipAfterTag(boolean strips, boolean keeps) {
    if (strips) {
      skipSpace();
    } else if (!keeps && at < source.length() && source.charAt(at) == '\n') {
      at++;
    }
  }

  private void skipSpace() {
    while (at < source.length() && Strings.isSpace(source.charAt(at))) {
      at++;
    }
  }

  private void readExpression(char kind) {
    boolean block = kind == '%';
    tokens.add(new Token(block ? Token.Kind.BLOCK_BEGIN : Token.Kind.VARIABLE_BEGIN, "", line()));
    ExpressionLexer lexer = new ExpressionLexer(source, at, line(), block ? "%}" : "}}");
    tokens.addAll(lexer.tokens());
    at = lexer.end();
    tokens.add(new Token(block ? Token.Kind.BLOCK_END : Token.Kind.VARIABLE_END, "", line()));
    boolean strips = lexer.sign() == '-';
    if (block) {
      skipAfterTag(strips, lexer.sign() == '+');
    } else if (strips) {
      skipSpace();
    }
  }

  private TemplateException error(String problem) {
    return new TemplateException(problem + " (line " + line() + ")");
  }
}
