package org.rlhf4j.text;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.rlhf4j.data.dataset.Message;

/** From messages to tokens, by the contract's rules (design, section 11). Thread-safe. */
public final class TextEncoder {
  private final Tokenizer tokenizer;
  private final ChatRenderer renderer;

  public TextEncoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.renderer =
        tokenizer
            .chatTemplate()
            .<ChatRenderer>map(
                template ->
                    new TemplateRenderer(
                        tokenizer.directory(), template, tokenizer.specialTokens()))
            .orElseGet(HumanAssistantRenderer::new);
  }

  /**
   * The prompt as one text, before tokenisation: as it is, by chat template, or as Human/Assistant
   * turns. As a plain text prompt it has the same tokens, so a begin token that the tokenizer
   * itself adds is left out.
   *
   * @throws PromptException if the messages have no form as text
   */
  public String promptText(List<Message> prompt) {
    if (isText(prompt)) {
      return text(prompt);
    }
    String rendered = renderer.render(prompt);
    return renderer.writesSpecialTokens() ? withoutBeginToken(rendered) : rendered;
  }

  /**
   * The text of a prompt that was cut, special tokens and all. As a plain text prompt it has the
   * same tokens, unless the cut went through a character.
   */
  public String promptText(int[] promptTokens) {
    return withoutBeginToken(tokenizer.decodeWithSpecialTokens(promptTokens));
  }

  private String withoutBeginToken(String rendered) {
    String begin = tokenizer.specialTokens().getOrDefault("bos_token", "");
    if (begin.isEmpty() || !rendered.startsWith(begin)) {
      return rendered;
    }
    String bare = rendered.substring(begin.length());
    int[] tokens = tokenizer.encodeWithoutSpecialTokens(rendered);
    return Arrays.equals(tokenizer.encode(bare), tokens) ? bare : rendered;
  }

  /** Why the messages have no form as text; empty if they have one. */
  public Optional<String> refusal(List<Message> prompt) {
    if (isText(prompt)) {
      return Optional.empty();
    }
    try {
      renderer.render(prompt);
      return Optional.empty();
    } catch (PromptException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** The same for a tokenizer without a chat template, such as one that is still to be trained. */
  public static String withoutTemplate(List<Message> prompt) {
    return isText(prompt) ? text(prompt) : new HumanAssistantRenderer().render(prompt);
  }

  /**
   * Tokens of the prompt, [P].
   *
   * @throws PromptException if the messages have no form as text
   */
  public int[] promptTokens(List<Message> prompt) {
    if (isText(prompt)) {
      return tokenizer.encode(text(prompt));
    }
    String rendered = renderer.render(prompt);
    return renderer.writesSpecialTokens()
        ? tokenizer.encodeWithoutSpecialTokens(rendered)
        : tokenizer.encode(rendered);
  }

  /** Plain text: one element with the role text, or no element at all (an empty prompt). */
  private static boolean isText(List<Message> prompt) {
    return prompt.stream().allMatch(message -> message.role().equals(Message.TEXT));
  }

  private static String text(List<Message> prompt) {
    return prompt.stream().map(Message::content).collect(Collectors.joining());
  }

  /** Response tokens without special tokens and without end token, [T]. */
  public int[] responseTokens(String response) {
    return tokenizer.encodeWithoutSpecialTokens(response);
  }

  /** Response tokens followed by the end token, [T]. */
  public int[] responseTokensWithEnd(String response) {
    int[] tokens = responseTokens(response);
    int[] ended = Arrays.copyOf(tokens, tokens.length + 1);
    ended[tokens.length] = tokenizer.endToken();
    return ended;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }
}
