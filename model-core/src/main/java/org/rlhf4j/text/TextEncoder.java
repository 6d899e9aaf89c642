package org.rlhf4j.text;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.rlhf4j.data.dataset.Message;

/** From messages to tokens, by the contract's rules (design, section 11). Thread-safe. */
public final class TextEncoder {
  private final Tokenizer tokenizer;
  private final ChatRenderer renderer;

  public TextEncoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.renderer =
        tokenizer.chatTemplate().isPresent()
            ? new RefusingRenderer(tokenizer.directory())
            : new HumanAssistantRenderer();
  }

  /**
   * The prompt as one text, before tokenisation: as it is, by chat template, or as Human/Assistant
   * turns.
   */
  public String promptText(List<Message> prompt) {
    return isText(prompt) ? text(prompt) : renderer.render(prompt);
  }

  /** The same for a tokenizer without a chat template, such as one that is still to be trained. */
  public static String withoutTemplate(List<Message> prompt) {
    return isText(prompt) ? text(prompt) : new HumanAssistantRenderer().render(prompt);
  }

  /** Tokens of the prompt, [P]. */
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
