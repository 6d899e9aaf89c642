package org.rlhf4j.text.jinja;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A piece of a template that is called by name; its value is the text it renders.
 *
 * @param scope where it was defined
 */
record Macro(String name, List<Parameter> parameters, Statement body, Scope scope)
    implements Function {
  /** A parameter and its value where none is given. */
  record Parameter(String name, Optional<Expression> fallback) {}

  @Override
  public Object call(Arguments arguments) {
    Set<String> names = parameters.stream().map(Parameter::name).collect(Collectors.toSet());
    arguments.check(name, parameters.size(), names);
    Scope inner = scope.inner();
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      inner.set(
          parameter.name(),
          arguments
              .find(i, parameter.name())
              .or(() -> parameter.fallback().map(value -> value.evaluate(inner)))
              .orElse(Undefined.variable(parameter.name())));
    }
    Output output = new Output();
    body.render(inner, output);
    return output.toString();
  }
}
