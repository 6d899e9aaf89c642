package org.rlhf4j.decoder;

import java.util.Optional;
import org.rlhf4j.tensor.Buffer;
import org.rlhf4j.tensor.Matrix;

/** Embedding and blocks: from tokens to the residual stream that a head reads. */
final class DecoderStack {
  private final DecoderConfig config;
  private final Embedding embedding;
  private final Block[] blocks;
  private final int last; // block, which only the wanted tokens leave

  DecoderStack(DecoderConfig config, ParameterLayout layout) {
    this.config = config;
    this.embedding = new Embedding(config, layout);
    Optional<Rotary> rotary =
        config.isGpt2()
            ? Optional.empty()
            : Optional.of(new Rotary(Block.attentionShape(config, 0), config.llama().rotary()));
    this.blocks = new Block[config.layers()];
    this.last = blocks.length - 1;
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

  /**
   * Residual stream of the wanted tokens after the last block, [K, H], keeping no activations:
   * every block works in the same memory.
   */
  Matrix forward(Pass pass, BlockMemory memory, Buffer residual) {
    Matrix x = residual.matrix(pass.size(), config.hiddenSize());
    embedding.forward(pass, x);
    for (int layer = 0; layer < last; layer++) {
      forward(pass, layer, memory, x, x);
    }
    Matrix out = x.rows(0, pass.wanted().length);
    forwardLast(pass, memory, x, out);
    return out;
  }

  /** The same; each block keeps its activations. */
  Matrix forward(Pass pass, BlockMemory[] memories, Buffer[] residuals) {
    Matrix x = residuals[0].matrix(pass.size(), config.hiddenSize());
    embedding.forward(pass, x);
    for (int layer = 0; layer < last; layer++) {
      Matrix out = residuals[layer + 1].matrix(pass.size(), config.hiddenSize());
      forward(pass, layer, memories[layer], x, out);
      x = out;
    }
    Matrix out = residuals[last + 1].matrix(pass.wanted().length, config.hiddenSize());
    forwardLast(pass, memories[last], x, out);
    return out;
  }

  private void forward(Pass pass, int layer, BlockMemory memory, Matrix x, Matrix out) {
    memory.enter(x);
    blocks[layer].attend(pass, memory);
    blocks[layer].transform(pass, memory, out);
  }

  private void forwardLast(Pass pass, BlockMemory memory, Matrix x, Matrix out) {
    memory.enter(x, pass.wanted().length);
    blocks[last].attend(pass, memory);
    memory.leave(pass.kernels(), pass.wanted());
    blocks[last].transform(pass, memory, out);
  }

  /**
   * From wanted.residual, the gradient of the stream of the wanted tokens, to the gradients of all
   * parameters.
   *
   * @param wanted of K tokens
   * @param all of N tokens
   */
  void backward(
      Pass pass,
      int[] offsets,
      BlockMemory[] memories,
      BackwardMemory wanted,
      BackwardMemory all,
      Tensors gradients) {
    blocks[last].transformBackward(pass, memories[last], wanted, gradients);
    all.spread(pass.kernels(), pass.wanted(), wanted);
    blocks[last].attendBackward(pass, offsets, memories[last], all, gradients);
    for (int layer = last - 1; layer >= 0; layer--) {
      blocks[layer].transformBackward(pass, memories[layer], all, gradients);
      blocks[layer].attendBackward(pass, offsets, memories[layer], all, gradients);
    }
    embedding.backward(pass, gradients, all.residual);
  }

  void clearTokenGradient(Pass pass, Tensors gradients) {
    embedding.clearTokenGradient(pass, gradients);
  }
}
