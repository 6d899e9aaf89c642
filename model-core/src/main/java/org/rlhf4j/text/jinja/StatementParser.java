package org.rlhf4j.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Text and tags of a template. */
final class StatementParser {
  private final TokenStream tokens;
  private final ExpressionParser expressions;

  StatementParser(List<Token> tokens) {
    this.tokens = new TokenStream(tokens);
    this.expressions = new ExpressionParser(this.tokens);
  }

  Statement template() {
    Statement body = parseUntil(Set.of());
    if (!tokens.is(Token.Kind.END)) {
      throw tokens.unexpected("the end of the template");
    }
    return body;
  }

  /** Statements up to one of the tags, whose name is then the current token. */
  private Statement parseUntil(Set<String> ends) {
    List<Statement> statements = new ArrayList<>();
    while (true) {
      switch (tokens.current().kind()) {
        case DATA -> statements.add(text(tokens.next().text()));
        case VARIABLE_BEGIN -> statements.add(parseVariable());
        case BLOCK_BEGIN -> {
          tokens.next();
          if (tokens.is(Token.Kind.NAME) && ends.contains(tokens.current().text())) {
            return Statement.all(statements);
          }
          statements.add(parseBlock());
        }
        default -> {
          if (!ends.isEmpty()) {
            throw tokens.unexpected("one of the tags " + String.join(", ", ends));
          }
          return Statement.all(statements);
        }
      }
    }
  }

  /** The same, with the tag read to its end. */
  private Statement parseThrough(String end) {
    Statement body = parseUntil(Set.of(end));
    tokens.next();
    tokens.expect(Token.Kind.BLOCK_END);
    return body;
  }

  private static Statement text(String text) {
    return (scope, output) -> {
      output.append(text);
      return Statement.Flow.NEXT;
    };
  }

  private Statement parseVariable() {
    tokens.next();
    Expression value = expressions.parseTuple();
    tokens.expect(Token.Kind.VARIABLE_END);
    return (scope, output) -> {
      output.append(Values.text(value.evaluate(scope)));
      return Statement.Flow.NEXT;
    };
  }

  private Statement parseBlock() {
    Token tag = tokens.expect(Token.Kind.NAME);
    return switch (tag.text()) {
      case "if" -> parseIf();
      case "for" -> parseFor();
      case "set" -> parseSet();
      case "macro" -> parseMacro();
      case "with" -> parseWith();
      case "filter" -> parseFilter();
      case "generation" -> {
        tokens.expect(Token.Kind.BLOCK_END);
        yield inInnerScope(parseThrough("endgeneration"));
      }
      case "break" -> leave(Statement.Flow.BREAK);
      case "continue" -> leave(Statement.Flow.CONTINUE);
      default -> throw tokens.error("the tag '" + tag.text() + "' is not known here");
    };
  }

  private Statement leave(Statement.Flow flow) {
    tokens.expect(Token.Kind.BLOCK_END);
    return (scope, output) -> flow;
  }

  private static Statement inInnerScope(Statement body) {
    return (scope, output) -> body.render(scope.inner(), output);
  }

  private Statement parseIf() {
    Expression condition = expressions.parseTuple();
    tokens.expect(Token.Kind.BLOCK_END);
    Statement then = parseUntil(Set.of("elif", "else", "endif"));
    String tag = tokens.next().text();
    Statement otherwise = Statement.all(List.of());
    if (tag.equals("elif")) {
      otherwise = parseIf();
    } else {
      tokens.expect(Token.Kind.BLOCK_END);
      otherwise = tag.equals("else") ? parseThrough("endif") : otherwise;
    }
    Statement last = otherwise;
    return (scope, output) ->
        Values.isTrue(condition.evaluate(scope))
            ? then.render(scope, output)
            : last.render(scope, output);
  }

  private Statement parseFor() {
    Target target = Target.parse(tokens, "in");
    tokens.expectName("in");
    Expression items = expressions.parseWithoutCondition();
    Optional<Expression> condition =
        tokens.skipName("if") ? Optional.of(expressions.parse()) : Optional.empty();
    tokens.expect(Token.Kind.BLOCK_END);
    Statement body = parseUntil(Set.of("else", "endfor"));
    boolean alternative = tokens.next().text().equals("else");
    tokens.expect(Token.Kind.BLOCK_END);
    Statement otherwise =
        alternative ? inInnerScope(parseThrough("endfor")) : Statement.all(List.of());
    return new ForLoop(target, items, condition, body, otherwise);
  }

  private Statement parseSet() {
    Target target = Target.parse(tokens, "=");
    if (tokens.skipOperator("=")) {
      Expression value = expressions.parseTuple();
      tokens.expect(Token.Kind.BLOCK_END);
      return (scope, output) -> {
        target.assign(scope, value.evaluate(scope));
        return Statement.Flow.NEXT;
      };
    }
    tokens.expect(Token.Kind.BLOCK_END);
    Statement body = parseThrough("endset");
    return (scope, output) -> {
      Output text = new Output();
      body.render(scope.inner(), text);
      target.assign(scope, text.toString());
      return Statement.Flow.NEXT;
    };
  }

  private Statement parseMacro() {
    String name = tokens.expect(Token.Kind.NAME).text();
    List<Macro.Parameter> parameters = new ArrayList<>();
    tokens.expectOperator("(");
    while (!tokens.skipOperator(")")) {
      String parameter = tokens.expect(Token.Kind.NAME).text();
      Optional<Expression> fallback =
          tokens.skipOperator("=") ? Optional.of(expressions.parse()) : Optional.empty();
      parameters.add(new Macro.Parameter(parameter, fallback));
      if (!tokens.isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    tokens.expect(Token.Kind.BLOCK_END);
    Statement body = parseThrough("endmacro");
    return (scope, output) -> {
      scope.set(name, new Macro(name, parameters, body, scope));
      return Statement.Flow.NEXT;
    };
  }

  private Statement parseWith() {
    List<Target> targets = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.is(Token.Kind.BLOCK_END)) {
      targets.add(Target.parseOne(tokens));
      tokens.expectOperator("=");
      values.add(expressions.parse());
      if (!tokens.is(Token.Kind.BLOCK_END)) {
        tokens.expectOperator(",");
      }
    }
    tokens.expect(Token.Kind.BLOCK_END);
    Statement body = parseThrough("endwith");
    return (scope, output) -> {
      Scope inner = scope.inner();
      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).assign(inner, values.get(i).evaluate(scope));
      }
      return body.render(inner, output);
    };
  }

  private Statement parseFilter() {
    String variable = " text of the block"; // no name of a template has a space
    Expression filtered =
        new OperandParser(tokens, expressions).filtered(scope -> scope.find(variable));
    tokens.expect(Token.Kind.BLOCK_END);
    Statement body = parseThrough("endfilter");
    return (scope, output) -> {
      Output text = new Output();
      Statement.Flow flow = body.render(scope.inner(), text);
      Scope inner = scope.inner();
      inner.set(variable, text.toString());
      output.append(Values.text(filtered.evaluate(inner)));
      return flow;
    };
  }
}
