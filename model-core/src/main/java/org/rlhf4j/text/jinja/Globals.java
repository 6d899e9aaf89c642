package org.rlhf4j.text.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Functions that templates may call. {@code strftime_now} of transformers is left out: a prompt
 * that depends on the day would make runs unrepeatable, and templates that ask whether it is there
 * have a date of their own.
 */
final class Globals {
  /** As jinja2's sandbox has it. */
  private static final int LONGEST_RANGE = 100_000;

  static final Map<String, Object> FUNCTIONS =
      Map.of(
          "dict", (Function) arguments -> new LinkedHashMap<>(arguments.named()),
          "namespace", (Function) arguments -> new Namespace(arguments.named()),
          "raise_exception", (Function) Globals::raise,
          "range", (Function) Globals::range);

  private Globals() {}

  private static Object raise(Arguments arguments) {
    throw new TemplateException(Values.text(arguments.get(0, "message")));
  }

  private static Object range(Arguments arguments) {
    arguments.check("range", 3, Set.of());
    List<Object> bounds = arguments.positional();
    long start = bounds.size() > 1 ? Arithmetic.integer(bounds.get(0)) : 0;
    long stop = Arithmetic.integer(arguments.get(bounds.size() > 1 ? 1 : 0, "stop"));
    long step = bounds.size() > 2 ? Arithmetic.integer(bounds.get(2)) : 1;
    if (step == 0) {
      throw new TemplateException("the step of a range must not be zero");
    }
    List<Object> values = new ArrayList<>();
    double count = Math.ceil(((double) stop - start) / step);
    if (count > LONGEST_RANGE) {
      throw new TemplateException("a range is too long");
    }
    for (long i = 0; i < count; i++) {
      values.add(start + i * step);
    }
    return values;
  }
}
