package org.rlhf4j.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Constants, names, brackets, and what follows them: attributes, calls, filters and tests. */
final class OperandParser {
  private final TokenStream tokens;
  private final ExpressionParser expressions;

  OperandParser(TokenStream tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  /** An operand with sign, attributes, filters and tests. */
  Expression parse() {
    return withFilters(parseSigned());
  }

  private Expression parseSigned() {
    if (tokens.skipOperator("-")) {
      Expression value = withPostfix(parseSigned());
      return scope -> Arithmetic.calculate('-', 0L, value.evaluate(scope));
    }
    if (tokens.skipOperator("+")) {
      return withPostfix(parseSigned());
    }
    return withPostfix(parsePrimary());
  }

  private Expression parsePrimary() {
    Token token = tokens.current();
    switch (token.kind()) {
      case NAME -> {
        return parseName(tokens.next().text());
      }
      case STRING -> {
        return parseStrings();
      }
      case INTEGER, FLOAT -> {
        return constant(number(tokens.next()));
      }
      default -> {
        return parseBrackets();
      }
    }
  }

  private static Expression constant(Object value) {
    return scope -> value;
  }

  private static Expression parseName(String name) {
    return switch (name) {
      case "true", "True" -> constant(true);
      case "false", "False" -> constant(false);
      case "none", "None" -> constant(Nothing.NONE);
      default -> scope -> scope.find(name);
    };
  }

  /** Strings that stand side by side are one. */
  private Expression parseStrings() {
    StringBuilder text = new StringBuilder();
    while (tokens.is(Token.Kind.STRING)) {
      text.append(tokens.next().text());
    }
    return constant(text.toString());
  }

  private Object number(Token token) {
    try {
      if (token.kind() == Token.Kind.INTEGER) {
        return Long.parseLong(token.text());
      }
      return Double.parseDouble(token.text());
    } catch (NumberFormatException e) {
      throw tokens.error("the number " + token.text() + " is too large");
    }
  }

  private Expression parseBrackets() {
    if (tokens.skipOperator("(")) {
      return parseParentheses();
    }
    if (tokens.skipOperator("[")) {
      return list(members("]"));
    }
    if (tokens.skipOperator("{")) {
      return parseDictionary();
    }
    throw tokens.unexpected("an expression");
  }

  private Expression parseParentheses() {
    if (tokens.skipOperator(")")) {
      return list(List.of());
    }
    Expression first = expressions.parse();
    if (tokens.skipOperator(")")) {
      return first;
    }
    tokens.expectOperator(",");
    List<Expression> members = new ArrayList<>(List.of(first));
    members.addAll(members(")"));
    return list(members);
  }

  private List<Expression> members(String end) {
    List<Expression> members = new ArrayList<>();
    while (!tokens.skipOperator(end)) {
      members.add(expressions.parse());
      if (!tokens.isOperator(end)) {
        tokens.expectOperator(",");
      }
    }
    return members;
  }

  static Expression list(List<Expression> members) {
    return scope -> {
      List<Object> values = new ArrayList<>();
      members.forEach(member -> values.add(member.evaluate(scope)));
      return values;
    };
  }

  private Expression parseDictionary() {
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.skipOperator("}")) {
      keys.add(expressions.parse());
      tokens.expectOperator(":");
      values.add(expressions.parse());
      if (!tokens.isOperator("}")) {
        tokens.expectOperator(",");
      }
    }
    return scope -> {
      Map<Object, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        map.put(keys.get(i).evaluate(scope), values.get(i).evaluate(scope));
      }
      return map;
    };
  }

  private Expression withPostfix(Expression operand) {
    Expression value = operand;
    while (true) {
      if (tokens.skipOperator(".")) {
        value = attribute(value);
      } else if (tokens.skipOperator("[")) {
        value = subscript(value);
      } else if (tokens.isOperator("(")) {
        value = call(value, parseArguments());
      } else {
        return value;
      }
    }
  }

  private Expression attribute(Expression owner) {
    if (tokens.is(Token.Kind.INTEGER)) {
      Object index = number(tokens.next());
      return scope -> Access.item(owner.evaluate(scope), index);
    }
    String name = tokens.expect(Token.Kind.NAME).text();
    return scope -> Access.attribute(owner.evaluate(scope), name);
  }

  private Expression subscript(Expression owner) {
    Optional<Expression> start = sliceBound();
    if (start.isPresent() && tokens.skipOperator("]")) {
      return scope -> Access.item(owner.evaluate(scope), start.get().evaluate(scope));
    }
    tokens.expectOperator(":");
    Optional<Expression> stop = sliceBound();
    Optional<Expression> step = tokens.skipOperator(":") ? sliceBound() : Optional.empty();
    tokens.expectOperator("]");
    return scope ->
        Access.slice(
            owner.evaluate(scope), bound(start, scope), bound(stop, scope), bound(step, scope));
  }

  private Optional<Expression> sliceBound() {
    return tokens.isOperator(":") || tokens.isOperator("]")
        ? Optional.empty()
        : Optional.of(expressions.parse());
  }

  private static Optional<Object> bound(Optional<Expression> bound, Scope scope) {
    return bound.map(value -> value.evaluate(scope)).filter(value -> value != Nothing.NONE);
  }

  private static Expression call(Expression callee, ArgumentList arguments) {
    return scope -> {
      scope.step();
      Object function = callee.evaluate(scope);
      if (function instanceof Function known) {
        return known.call(arguments.evaluate(scope));
      }
      throw function instanceof Undefined undefined
          ? undefined.error()
          : new TemplateException(Values.typeName(function) + " cannot be called");
    };
  }

  /** What stands between the parentheses of a call. */
  record ArgumentList(List<Expression> positional, Map<String, Expression> named) {
    Arguments evaluate(Scope scope) {
      List<Object> values = new ArrayList<>();
      positional.forEach(value -> values.add(value.evaluate(scope)));
      Map<String, Object> namedValues = new LinkedHashMap<>();
      named.forEach((name, value) -> namedValues.put(name, value.evaluate(scope)));
      return new Arguments(values, namedValues);
    }
  }

  ArgumentList parseArguments() {
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    tokens.expectOperator("(");
    while (!tokens.skipOperator(")")) {
      Optional<String> name = argumentName();
      if (name.isPresent()) {
        named.put(name.get(), expressions.parse());
      } else {
        positional.add(expressions.parse());
      }
      if (!tokens.isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    return new ArgumentList(positional, named);
  }

  private Optional<String> argumentName() {
    if (!tokens.is(Token.Kind.NAME) || !tokens.following().is(Token.Kind.OPERATOR, "=")) {
      return Optional.empty();
    }
    String name = tokens.next().text();
    tokens.next();
    return Optional.of(name);
  }

  private Expression withFilters(Expression operand) {
    Expression value = operand;
    while (true) {
      if (tokens.skipOperator("|")) {
        value = filtered(value);
      } else if (tokens.skipName("is")) {
        value = tested(value);
      } else if (tokens.isOperator("(")) {
        value = call(value, parseArguments());
      } else {
        return value;
      }
    }
  }

  /** The filter whose name comes next, applied to a value. */
  Expression filtered(Expression value) {
    String name = tokens.expect(Token.Kind.NAME).text();
    Filters.Filter filter = Filters.named(name);
    ArgumentList arguments = optionalArguments();
    return scope -> {
      scope.step();
      return filter.apply(value.evaluate(scope), arguments.evaluate(scope));
    };
  }

  private ArgumentList optionalArguments() {
    return tokens.isOperator("(") ? parseArguments() : new ArgumentList(List.of(), Map.of());
  }

  private Expression tested(Expression value) {
    boolean negated = tokens.skipName("not");
    Predicates.Predicate predicate = Predicates.named(tokens.expect(Token.Kind.NAME).text());
    ArgumentList arguments =
        beginsOperand()
            ? new ArgumentList(List.of(withPostfix(parsePrimary())), Map.of())
            : optionalArguments();
    return scope -> predicate.test(value.evaluate(scope), arguments.evaluate(scope)) != negated;
  }

  /** Whether a test's argument stands there without parentheses. */
  private boolean beginsOperand() {
    return switch (tokens.current().kind()) {
      case NAME ->
          !List.of("else", "or", "and", "if", "is", "not", "in").contains(tokens.current().text());
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> tokens.isOperator("[") || tokens.isOperator("{");
      default -> false;
    };
  }
}
