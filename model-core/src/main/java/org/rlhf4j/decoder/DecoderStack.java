package org.rlhf4j.decoder;

import java.util.Optional;
import org.rlhf4j.tensor.Buffer;
import org.rlhf4j.tensor.Matrix;

/** Embedding and blocks: from tokens to the residual stream that a head reads. */
final class DecoderStack {
  private final DecoderConfig config;
  private final Embedding embedding;
  private final Block[] blocks;

  DecoderStack(DecoderConfig config, ParameterLayout layout) {
    this.config = config;
    this.embedding = new Embedding(config, layout);
    Optional<Rotary> rotary =
        config.isGpt2()
            ? Optional.empty()
            : Optional.of(new Rotary(Block.attentionShape(config, 0), config.llama().rotary()));
    this.blocks = new Block[config.layers()];
    for (int layer = 0; layer < blocks.length; layer++) {
      blocks[layer] = new Block(config, layout, rotary, layer);
    }
  }

  static void checkLength(DecoderConfig config, int length) {
    if (length > config.contextLength()) {
      throw new IllegalArgumentException(
          "A sequence of "
              + length
              + " tokens is longer than the model's context of "
              + config.contextLength());
    }
  }

  static void checkTokens(DecoderConfig config, int[] tokens) {
    for (int token : tokens) {
      if (token < 0 || token >= config.vocabularySize()) {
        throw new IllegalArgumentException(
            "Token " + token + " is outside the vocabulary of " + config.vocabularySize());
      }
    }
  }

  /** Sets x, [N, H], keeping no activations: every block works in the same memory. */
  void forward(Pass pass, BlockMemory memory, Matrix x) {
    embedding.forward(pass, x);
    for (Block block : blocks) {
      block.forward(pass, memory.resize(pass.size(), x), x);
    }
  }

  /** Residual stream after the last block, [N, H]; each block keeps its activations. */
  Matrix forward(Pass pass, BlockMemory[] memories, Buffer[] residuals) {
    Matrix x = residuals[0].matrix(pass.size(), config.hiddenSize());
    embedding.forward(pass, x);
    for (int layer = 0; layer < blocks.length; layer++) {
      Matrix out = residuals[layer + 1].matrix(pass.size(), config.hiddenSize());
      blocks[layer].forward(pass, memories[layer].resize(pass.size(), x), out);
      x = out;
    }
    return x;
  }

  /** From back.residual, the gradient of the stream, to the gradients of all parameters. */
  void backward(
      Pass pass, int[] offsets, BlockMemory[] memories, BackwardMemory back, Tensors gradients) {
    for (int layer = blocks.length - 1; layer >= 0; layer--) {
      blocks[layer].backward(pass, offsets, memories[layer], back, gradients);
    }
    embedding.backward(pass, gradients, back.residual);
  }

  void clearTokenGradient(Pass pass, Tensors gradients) {
    embedding.clearTokenGradient(pass, gradients);
  }
}
