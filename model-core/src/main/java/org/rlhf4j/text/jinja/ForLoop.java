package org.rlhf4j.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A loop over items. Variables that its body sets last until the next item.
 *
 * @param condition of the items that are taken
 * @param otherwise what is rendered where there are none
 */
record ForLoop(
    Target target,
    Expression items,
    Optional<Expression> condition,
    Statement body,
    Statement otherwise)
    implements Statement {
  @Override
  public Flow render(Scope scope, Output output) {
    List<Object> taken = new ArrayList<>();
    for (Object item : Values.items(items.evaluate(scope))) {
      if (condition.isEmpty() || passes(scope, item)) {
        taken.add(item);
      }
    }
    if (taken.isEmpty()) {
      return otherwise.render(scope, output);
    }
    for (int i = 0; i < taken.size(); i++) {
      scope.step();
      Scope inner = scope.inner();
      inner.set("loop", new Loop(taken, i));
      target.assign(inner, taken.get(i));
      if (body.render(inner, output) == Flow.BREAK) {
        break;
      }
    }
    return Flow.NEXT;
  }

  private boolean passes(Scope scope, Object item) {
    scope.step();
    Scope inner = scope.inner();
    target.assign(inner, item);
    return Values.isTrue(condition.orElseThrow().evaluate(inner));
  }
}
