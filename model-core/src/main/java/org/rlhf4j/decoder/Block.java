package org.rlhf4j.decoder;

import org.rlhf4j.tensor.AttentionShape;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/**
 * One decoder block (Radford et al. 2019, section 2.3): x + attention(norm(x)), then x +
 * mlp(norm(x)).
 */
final class Block {
  private final int layer;
  private final AttentionShape attention;
  private final Norm attentionNorm;
  private final Linear qkvProjection;
  private final Linear attentionProjection;
  private final Norm mlpNorm;
  private final Linear mlpIn;
  private final Linear mlpOut;

  Block(DecoderConfig config, ParameterLayout layout, int layer) {
    String prefix = "transformer.h." + layer + ".";
    this.layer = layer;
    this.attention = attentionShape(config);
    this.attentionNorm = new Norm(layout, prefix + "ln_1", config.normEpsilon());
    this.qkvProjection = new Linear(layout, prefix + "attn.c_attn");
    this.attentionProjection = new Linear(layout, prefix + "attn.c_proj");
    this.mlpNorm = new Norm(layout, prefix + "ln_2", config.normEpsilon());
    this.mlpIn = new Linear(layout, prefix + "mlp.c_fc");
    this.mlpOut = new Linear(layout, prefix + "mlp.c_proj");
  }

  static AttentionShape attentionShape(DecoderConfig config) {
    return new AttentionShape(
        config.heads(), config.kvHeads(), config.hiddenSize() / config.heads(), 0);
  }

  /** From memory.input to {@code out}; {@code out} may be the input where nothing is kept. */
  void forward(Pass pass, BlockMemory memory, Matrix out) {
    attentionNorm.forward(pass, memory.input, memory.attentionNorm, memory.attentionStatistics);
    qkvProjection.forward(pass, memory.attentionNorm, memory.qkv);
    pass.attending().attend(layer, memory.qkv, memory.attended);
    attentionProjection.forwardAdd(pass, memory.attended, memory.input, memory.middle);
    mlpNorm.forward(pass, memory.middle, memory.mlpNorm, memory.mlpStatistics);
    mlpIn.forward(pass, memory.mlpNorm, memory.hidden);
    pass.kernels().gelu(memory.hidden, memory.activated);
    mlpOut.forwardAdd(pass, memory.activated, memory.middle, out);
  }

  /** Turns the gradient of the block's output, {@code back.residual}, into that of its input. */
  void backward(
      Pass pass, int[] offsets, BlockMemory memory, BackwardMemory back, Tensors gradients) {
    Kernels kernels = pass.kernels();
    mlpOut.backward(pass, gradients, memory.activated, back.residual, back.hidden);
    kernels.geluBackward(memory.hidden, back.hidden);
    mlpIn.backward(pass, gradients, memory.mlpNorm, back.hidden, back.narrow);
    mlpNorm.backward(
        pass, gradients, memory.middle, memory.mlpStatistics, back.narrow, back.residual);
    attentionProjection.backward(pass, gradients, memory.attended, back.residual, back.narrow);
    kernels.attentionBackward(attention, memory.qkv, offsets, back.narrow, back.qkv);
    qkvProjection.backward(pass, gradients, memory.attentionNorm, back.qkv, back.narrow);
    attentionNorm.backward(
        pass, gradients, memory.input, memory.attentionStatistics, back.narrow, back.residual);
  }
}
