package org.rlhf4j.text.jinja;

import java.util.List;

/** A piece of a template that writes text or sets variables. */
@FunctionalInterface
interface Statement {
  /** What follows a statement. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Flow render(Scope scope, Output output);

  /** One after the other, until one leaves the loop around them. */
  static Statement all(List<Statement> statements) {
    return (scope, output) -> {
      for (Statement statement : statements) {
        scope.step();
        Flow flow = statement.render(scope, output);
        if (flow != Flow.NEXT) {
          return flow;
        }
      }
      return Flow.NEXT;
    };
  }
}
