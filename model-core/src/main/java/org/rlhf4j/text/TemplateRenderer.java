package org.rlhf4j.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.hub.ModelFormatException;
import org.rlhf4j.text.jinja.Nothing;
import org.rlhf4j.text.jinja.Template;
import org.rlhf4j.text.jinja.TemplateException;

/**
 * Turns as the tokenizer's chat template writes them, with the generation prompt added: what {@code
 * apply_chat_template} of transformers gives.
 */
final class TemplateRenderer implements ChatRenderer {
  private final Path directory;
  private final Map<String, String> specialTokens;
  private final Optional<Template> template;
  private final String problem;

  /**
   * A text that is no template is reported where messages come; plain prompts need none.
   *
   * @param directory of the tokenizer, for messages
   * @param specialTokens such as {@code bos_token}
   */
  TemplateRenderer(Path directory, String text, Map<String, String> specialTokens) {
    this.directory = directory;
    this.specialTokens = Map.copyOf(specialTokens);
    Optional<Template> parsed = Optional.empty();
    String found = "";
    try {
      parsed = Optional.of(Template.parse(text));
    } catch (TemplateException e) {
      found = e.getMessage();
    }
    this.template = parsed;
    this.problem = found;
  }

  @Override
  public String render(List<Message> turns) {
    Template known = template.orElseThrow(this::unusable);
    Map<String, Object> variables = new HashMap<>(specialTokens);
    List<Object> messages = new ArrayList<>();
    for (Message turn : turns) {
      Map<String, Object> message = new LinkedHashMap<>();
      message.put("role", turn.role());
      message.put("content", turn.content());
      messages.add(message);
    }
    variables.put("messages", messages);
    variables.put("add_generation_prompt", true);
    variables.put("tools", Nothing.NONE);
    variables.put("documents", Nothing.NONE);
    try {
      return known.render(variables);
    } catch (TemplateException e) {
      throw refused(turns, e);
    }
  }

  private ModelFormatException unusable() {
    return new ModelFormatException(
        String.format(
            "The chat template of the tokenizer in %s cannot be followed (%s); give prompts as plain"
                + " text or correct the template",
            directory, problem));
  }

  private PromptException refused(List<Message> turns, TemplateException cause) {
    String roles = turns.stream().map(Message::role).collect(Collectors.joining(", "));
    PromptException refused =
        new PromptException(
            String.format(
                "The chat template of the tokenizer in %s refuses a prompt with the roles %s (%s);"
                    + " correct the prompt or the template",
                directory, roles, cause.getMessage()));
    refused.initCause(cause);
    return refused;
  }

  @Override
  public boolean writesSpecialTokens() {
    return true;
  }
}
