package org.rlhf4j.text.jinja;

/**
 * A variable or attribute that is not there: empty text and false, but an error where more is done
 * with it.
 *
 * @param problem what the error says
 */
record Undefined(String problem) {
  static Undefined variable(String name) {
    return new Undefined("'" + name + "' is undefined");
  }

  static Undefined attribute(Object owner, Object name) {
    return new Undefined(Values.typeName(owner) + " has no " + Values.repr(name));
  }

  TemplateException error() {
    return new TemplateException(problem);
  }

  /** Any two are equal. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Undefined;
  }

  @Override
  public int hashCode() {
    return 0;
  }
}
