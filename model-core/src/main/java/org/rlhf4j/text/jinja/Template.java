package org.rlhf4j.text.jinja;

import java.util.HashMap;
import java.util.Map;

/**
 * A parsed template. Thread-safe.
 *
 * <p>Blocks are trimmed as transformers has it ({@code trim_blocks}, {@code lstrip_blocks}); loops
 * can be left, and values cannot be changed. A template may do a bounded amount of work, so that
 * none runs for ever.
 */
public final class Template {
  private final Statement body;

  private Template(Statement body) {
    this.body = body;
  }

  /**
   * @throws TemplateException if the text is no template, or uses a tag, filter or test that is not
   *     known
   */
  public static Template parse(String text) {
    try {
      return new Template(new StatementParser(new Lexer(text).tokens()).template());
    } catch (StackOverflowError e) {
      throw new TemplateException("it is nested too deeply");
    }
  }

  /**
   * @param variables of {@code String, Boolean, Long, Double, List, Map} and {@link Nothing}
   * @throws TemplateException if the template refuses the variables ({@code raise_exception}) or
   *     cannot be followed
   */
  public String render(Map<String, Object> variables) {
    Map<String, Object> globals = new HashMap<>(Globals.FUNCTIONS);
    globals.putAll(variables);
    Output output = new Output();
    try {
      body.render(Scope.of(globals), output);
    } catch (StackOverflowError e) {
      throw new TemplateException("it calls itself too often");
    }
    return output.toString();
  }
}
