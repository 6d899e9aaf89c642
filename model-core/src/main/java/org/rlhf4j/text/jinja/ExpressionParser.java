package org.rlhf4j.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Operators of the language, in jinja2's order of precedence: {@code if else}, or, and, not,
 * comparisons, plus and minus, tilde, times and divided by, power, signs with filters and tests.
 */
final class ExpressionParser {
  private static final Map<String, String> TIMES = Map.of("*", "*", "/", "/", "//", "|", "%", "%");
  private static final List<String> COMPARISONS = List.of("==", "!=", "<", "<=", ">", ">=");

  private final TokenStream tokens;
  private final OperandParser operands;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
    this.operands = new OperandParser(tokens, this);
  }

  /** One expression, or several with commas between, which make a list. */
  Expression parseTuple() {
    Expression first = parse();
    if (!tokens.isOperator(",")) {
      return first;
    }
    List<Expression> members = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",")) {
      if (tokens.is(Token.Kind.BLOCK_END) || tokens.is(Token.Kind.VARIABLE_END)) {
        break;
      }
      members.add(parse());
    }
    return OperandParser.list(members);
  }

  /** An expression with its conditions. */
  Expression parse() {
    Expression value = parseWithoutCondition();
    while (tokens.skipName("if")) {
      Expression then = value;
      Expression condition = parseWithoutCondition();
      Optional<Expression> otherwise =
          tokens.skipName("else") ? Optional.of(parse()) : Optional.empty();
      value =
          scope -> {
            if (Values.isTrue(condition.evaluate(scope))) {
              return then.evaluate(scope);
            }
            return otherwise.isPresent()
                ? otherwise.get().evaluate(scope)
                : new Undefined("the inline if-expression has no else");
          };
    }
    return value;
  }

  /** An expression that an {@code if} may follow, as in a loop's head. */
  Expression parseWithoutCondition() {
    Expression left = parseAnd();
    while (tokens.skipName("or")) {
      Expression first = left;
      Expression second = parseAnd();
      left =
          scope -> {
            Object value = first.evaluate(scope);
            return Values.isTrue(value) ? value : second.evaluate(scope);
          };
    }
    return left;
  }

  private Expression parseAnd() {
    Expression left = parseNot();
    while (tokens.skipName("and")) {
      Expression first = left;
      Expression second = parseNot();
      left =
          scope -> {
            Object value = first.evaluate(scope);
            return Values.isTrue(value) ? second.evaluate(scope) : value;
          };
    }
    return left;
  }

  private Expression parseNot() {
    if (tokens.skipName("not")) {
      Expression value = parseNot();
      return scope -> !Values.isTrue(value.evaluate(scope));
    }
    return parseComparison();
  }

  /** One comparison of a chain. */
  private record Comparison(String operator, Expression right) {}

  private Expression parseComparison() {
    Expression first = parseSum();
    List<Comparison> chain = new ArrayList<>();
    for (Optional<String> operator = comparison(); operator.isPresent(); operator = comparison()) {
      chain.add(new Comparison(operator.get(), parseSum()));
    }
    return chain.isEmpty() ? first : scope -> holds(first, chain, scope);
  }

  private Optional<String> comparison() {
    for (String operator : COMPARISONS) {
      if (tokens.skipOperator(operator)) {
        return Optional.of(operator);
      }
    }
    if (tokens.skipName("in")) {
      return Optional.of("in");
    }
    if (tokens.isName("not")) {
      tokens.next();
      tokens.expectName("in");
      return Optional.of("not in");
    }
    return Optional.empty();
  }

  private static boolean holds(Expression first, List<Comparison> chain, Scope scope) {
    Object left = first.evaluate(scope);
    for (Comparison comparison : chain) {
      Object right = comparison.right().evaluate(scope);
      if (!compare(comparison.operator(), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private static boolean compare(String operator, Object left, Object right) {
    return switch (operator) {
      case "in" -> Values.contains(right, left);
      case "not in" -> !Values.contains(right, left);
      default -> Predicates.named(operator).test(left, new Arguments(List.of(right), Map.of()));
    };
  }

  private Expression parseSum() {
    Expression left = parseConcatenation();
    while (tokens.isOperator("+") || tokens.isOperator("-")) {
      boolean plus = tokens.next().text().equals("+");
      Expression first = left;
      Expression second = parseConcatenation();
      left =
          scope -> {
            scope.step();
            Object one = first.evaluate(scope);
            Object other = second.evaluate(scope);
            return plus ? Arithmetic.add(one, other) : Arithmetic.calculate('-', one, other);
          };
    }
    return left;
  }

  private Expression parseConcatenation() {
    Expression left = parseProduct();
    while (tokens.skipOperator("~")) {
      Expression first = left;
      Expression second = parseProduct();
      left =
          scope ->
              Arithmetic.add(
                  Values.text(first.evaluate(scope)), Values.text(second.evaluate(scope)));
    }
    return left;
  }

  private Expression parseProduct() {
    Expression left = parsePower();
    while (tokens.is(Token.Kind.OPERATOR) && TIMES.containsKey(tokens.current().text())) {
      char operator = TIMES.get(tokens.next().text()).charAt(0);
      Expression first = left;
      Expression second = parsePower();
      left =
          scope -> {
            Object one = first.evaluate(scope);
            Object other = second.evaluate(scope);
            return operator == '*'
                ? Arithmetic.multiply(one, other)
                : Arithmetic.calculate(operator, one, other);
          };
    }
    return left;
  }

  private Expression parsePower() {
    Expression left = operands.parse();
    while (tokens.skipOperator("**")) {
      Expression first = left;
      Expression second = operands.parse();
      left = scope -> Arithmetic.calculate('^', first.evaluate(scope), second.evaluate(scope));
    }
    return left;
  }
}
