package org.rlhf4j.text.jinja;

import java.util.List;

/** Tokens read one after the other. */
final class TokenStream {
  private final List<Token> tokens;
  private int at;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  Token following() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = current();
    at += token.kind() == Token.Kind.END ? 0 : 1;
    return token;
  }

  boolean is(Token.Kind kind) {
    return current().kind() == kind;
  }

  boolean isOperator(String text) {
    return current().is(Token.Kind.OPERATOR, text);
  }

  boolean isName(String text) {
    return current().is(Token.Kind.NAME, text);
  }

  boolean skipOperator(String text) {
    boolean skipped = isOperator(text);
    at += skipped ? 1 : 0;
    return skipped;
  }

  boolean skipName(String text) {
    boolean skipped = isName(text);
    at += skipped ? 1 : 0;
    return skipped;
  }

  void expectOperator(String text) {
    if (!skipOperator(text)) {
      throw unexpected("'" + text + "'");
    }
  }

  void expectName(String text) {
    if (!skipName(text)) {
      throw unexpected("'" + text + "'");
    }
  }

  Token expect(Token.Kind kind) {
    if (!is(kind)) {
      throw unexpected(kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
    }
    return next();
  }

  TemplateException unexpected(String expected) {
    Token token = current();
    String found =
        token.text().isEmpty()
            ? token.kind().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')
            : "'" + token.text() + "'";
    return error(expected + " is expected, but " + found + " is found");
  }

  TemplateException error(String problem) {
    return new TemplateException(problem + " (line " + current().line() + ")");
  }
}
