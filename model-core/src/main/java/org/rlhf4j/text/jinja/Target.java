package org.rlhf4j.text.jinja;

import java.util.ArrayList;
import java.util.List;

/**
 * What a value is assigned to: a variable, an attribute of a namespace, or several that take a
 * value apart.
 *
 * @param names each a variable, or a namespace and its attribute with a dot between
 */
record Target(List<String> names) {
  /**
   * @param end what follows; a comma before it makes no other name
   */
  static Target parse(TokenStream tokens, String end) {
    boolean bracketed = tokens.skipOperator("(");
    List<String> names = new ArrayList<>(parseOne(tokens).names());
    while (tokens.skipOperator(",") && !tokens.isName(end) && !tokens.isOperator(end)) {
      names.addAll(parseOne(tokens).names());
    }
    if (bracketed) {
      tokens.expectOperator(")");
    }
    return new Target(names);
  }

  static Target parseOne(TokenStream tokens) {
    String name = tokens.expect(Token.Kind.NAME).text();
    return new Target(
        List.of(
            tokens.skipOperator(".") ? name + "." + tokens.expect(Token.Kind.NAME).text() : name));
  }

  void assign(Scope scope, Object value) {
    if (names.size() == 1) {
      assign(scope, names.get(0), value);
      return;
    }
    List<Object> parts = Values.items(value);
    if (parts.size() != names.size()) {
      throw new TemplateException(
          names.size() + " names cannot take apart " + parts.size() + " values");
    }
    for (int i = 0; i < parts.size(); i++) {
      assign(scope, names.get(i), parts.get(i));
    }
  }

  private static void assign(Scope scope, String name, Object value) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      scope.set(name, value);
    } else if (scope.find(name.substring(0, dot)) instanceof Namespace namespace) {
      namespace.set(name.substring(dot + 1), value);
    } else {
      throw new TemplateException("'" + name.substring(0, dot) + "' is no namespace");
    }
  }
}
