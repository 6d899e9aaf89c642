package org.rlhf4j.text.jinja;

/** Something with a value. */
@FunctionalInterface
interface Expression {
  Object evaluate(Scope scope);
}
