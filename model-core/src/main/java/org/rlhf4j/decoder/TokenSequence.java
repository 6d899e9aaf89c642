package org.rlhf4j.decoder;

/**
 * A prompt and the response to it, as tokens of one tokenizer.
 *
 * @param prompt [P]
 * @param response [T], the end token included where there is one
 */
public record TokenSequence(int[] prompt, int[] response) {
  public int length() {
    return prompt.length + response.length;
  }

  /** Prompt and response in one array, [P + T]. */
  public int[] tokens() {
    int[] tokens = java.util.Arrays.copyOf(prompt, length());
    System.arraycopy(response, 0, tokens, prompt.length, response.length);
    return tokens;
  }
}
