package org.rlhf4j.decoder;

/**
 * Shape of a decoder.
 *
 * @param family gpt2, llama, qwen2 or mistral
 * @param layers decoder blocks
 * @param heads attention heads
 * @param kvHeads key and value heads
 * @param hiddenSize H
 * @param intermediateSize width of the feed-forward layer
 * @param contextLength longest sequence, tokens
 * @param vocabularySize rows of the token embedding, V
 * @param tiedEmbeddings whether the output layer is the token embedding
 * @param normEpsilon epsilon of the normalisation layers
 * @param llama what Llama-like families have beyond these
 */
public record DecoderConfig(
    String family,
    int layers,
    int heads,
    int kvHeads,
    int hiddenSize,
    int intermediateSize,
    int contextLength,
    int vocabularySize,
    boolean tiedEmbeddings,
    double normEpsilon,
    LlamaShape llama) {

  /** With the family's usual settings where a family has more. */
  public DecoderConfig(
      String family,
      int layers,
      int heads,
      int kvHeads,
      int hiddenSize,
      int intermediateSize,
      int contextLength,
      int vocabularySize,
      boolean tiedEmbeddings,
      double normEpsilon) {
    this(
        family,
        layers,
        heads,
        kvHeads,
        hiddenSize,
        intermediateSize,
        contextLength,
        vocabularySize,
        tiedEmbeddings,
        normEpsilon,
        LlamaShape.of(family, hiddenSize / heads));
  }

  boolean isGpt2() {
    return family.equals("gpt2");
  }

  boolean isLlamaLike() {
    return family.equals("llama") || family.equals("qwen2") || family.equals("mistral");
  }

  /** Width of one attention head. */
  int headSize() {
    return isGpt2() ? hiddenSize / heads : llama.headSize();
  }

  /** Name of the token embedding. */
  String tokenTable() {
    return isGpt2() ? "transformer.wte.weight" : "model.embed_tokens.weight";
  }
}
