package org.rlhf4j.decoder;

import java.io.Serializable;

/**
 * What a Llama-like decoder has beyond {@link DecoderConfig}'s common components; {@link #NONE} for
 * GPT-2.
 *
 * @param headSize D, width of one head; not always H / heads
 * @param attentionBias whether queries, keys and values have biases (Qwen2)
 * @param outputBias whether the projection out of the attention has a bias
 * @param mlpBias whether the feed-forward layers have biases
 * @param slidingWindow tokens a query sees, itself included; 0 means all before it
 * @param slidingFrom first layer with the window
 * @param rotary how positions rotate queries and keys
 */
public record LlamaShape(
    int headSize,
    boolean attentionBias,
    boolean outputBias,
    boolean mlpBias,
    int slidingWindow,
    int slidingFrom,
    RotaryShape rotary)
    implements Serializable {
  /** For families that are not Llama-like. */
  public static final LlamaShape NONE =
      new LlamaShape(0, false, false, false, 0, 0, RotaryShape.plain(10_000));

  /** The family's usual settings for a new model. */
  public static LlamaShape of(String family, int headSize) {
    if (family.equals("gpt2")) {
      return NONE;
    }
    boolean bias = family.equals("qwen2");
    return new LlamaShape(headSize, bias, false, false, 0, 0, RotaryShape.plain(10_000));
  }
}
