package org.rlhf4j.decoder;

/**
 * Shape of a decoder. Stub: the decoder's owner extends it (families, rotary settings) and keeps
 * these components.
 *
 * @param family gpt2 (llama, qwen2, mistral follow)
 * @param layers decoder blocks
 * @param heads attention heads
 * @param kvHeads key and value heads
 * @param hiddenSize H
 * @param intermediateSize width of the feed-forward layer
 * @param contextLength longest sequence, tokens
 * @param vocabularySize rows of the token embedding, V
 * @param tiedEmbeddings whether the output layer is the token embedding
 * @param normEpsilon epsilon of the normalisation layers
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
    double normEpsilon) {}
