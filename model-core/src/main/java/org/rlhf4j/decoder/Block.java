package org.rlhf4j.decoder;

import java.util.Optional;
import org.rlhf4j.tensor.AttentionShape;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/**
 * One decoder block (Radford et al. 2019, section 2.3): x + attention(norm(x)), then x +
 * mlp(norm(x)). The families differ in the parts it is given.
 */
final class Block {
  private final int layer;
  private final AttentionShape attention;
  private final Activation activation;
  private final Optional<Rotary> rotary;
  private final Norm attentionNorm;
  private final Projection qkvProjection;
  private final Projection attentionProjection;
  private final Norm mlpNorm;
  private final Projection mlpIn;
  private final Projection mlpOut;

  Block(DecoderConfig config, ParameterLayout layout, Optional<Rotary> rotary, int layer) {
    this.layer = layer;
    this.attention = attentionShape(config, layer);
    this.activation = Activation.of(config);
    this.rotary = rotary;
    if (config.isGpt2()) {
      String prefix = "transformer.h." + layer + ".";
      this.attentionNorm = Norm.of(config, layout, prefix + "ln_1");
      this.qkvProjection = Projection.conv1d(layout, prefix + "attn.c_attn");
      this.attentionProjection = Projection.conv1d(layout, prefix + "attn.c_proj");
      this.mlpNorm = Norm.of(config, layout, prefix + "ln_2");
      this.mlpIn = Projection.conv1d(layout, prefix + "mlp.c_fc");
      this.mlpOut = Projection.conv1d(layout, prefix + "mlp.c_proj");
      return;
    }
    String prefix = "model.layers." + layer + ".";
    String heads = prefix + "self_attn.";
    this.attentionNorm = Norm.of(config, layout, prefix + "input_layernorm");
    this.qkvProjection =
        Projection.linear(layout, heads + "q_proj", heads + "k_proj", heads + "v_proj");
    this.attentionProjection = Projection.linear(layout, heads + "o_proj");
    this.mlpNorm = Norm.of(config, layout, prefix + "post_attention_layernorm");
    this.mlpIn = Projection.linear(layout, prefix + "mlp.gate_proj", prefix + "mlp.up_proj");
    this.mlpOut = Projection.linear(layout, prefix + "mlp.down_proj");
  }

  static AttentionShape attentionShape(DecoderConfig config, int layer) {
    int window = layer >= config.llama().slidingFrom() ? config.llama().slidingWindow() : 0;
    return new AttentionShape(config.heads(), config.kvHeads(), config.headSize(), window);
  }

  /** Where tokens see one another: from memory.input to memory.attended, [N]. */
  void attend(Pass pass, BlockMemory memory) {
    attentionNorm.forward(pass, memory.input, memory.attentionNorm, memory.attentionStatistics);
    qkvProjection.forward(pass, memory.attentionNorm, memory.qkv);
    rotary.ifPresent(rotation -> rotation.forward(pass, memory.qkv));
    pass.attending().attend(layer, attention, memory.qkv, memory.attended);
  }

  /**
   * What each token does alone: from memory.leaving and memory.leavingAttended, [K], to {@code
   * out}, which may be memory.leaving where nothing is kept.
   */
  void transform(Pass pass, BlockMemory memory, Matrix out) {
    attentionProjection.forwardAdd(pass, memory.leavingAttended, memory.leaving, memory.middle);
    mlpNorm.forward(pass, memory.middle, memory.mlpNorm, memory.mlpStatistics);
    mlpIn.forward(pass, memory.mlpNorm, memory.hidden);
    activation.forward(pass.kernels(), memory.hidden, memory.activated);
    mlpOut.forwardAdd(pass, memory.activated, memory.middle, out);
  }

  /**
   * Turns the gradient of the block's output, {@code back.residual}, into that of {@link
   * #transform}'s two inputs, {@code back.residual} and {@code back.attended}.
   */
  void transformBackward(Pass pass, BlockMemory memory, BackwardMemory back, Tensors gradients) {
    mlpOut.backward(pass, gradients, memory.activated, back.residual, back.activated);
    activation.backward(pass.kernels(), memory.hidden, back.activated, back.hidden);
    mlpIn.backward(pass, gradients, memory.mlpNorm, back.hidden, back.narrow);
    mlpNorm.backward(
        pass, gradients, memory.middle, memory.mlpStatistics, back.narrow, back.residual);
    attentionProjection.backward(
        pass, gradients, memory.leavingAttended, back.residual, back.attended);
  }

  /** Adds to {@code back.residual} what comes through {@link #attend}. */
  void attendBackward(
      Pass pass, int[] offsets, BlockMemory memory, BackwardMemory back, Tensors gradients) {
    Kernels kernels = pass.kernels();
    kernels.attentionBackward(attention, memory.qkv, offsets, back.attended, back.qkv);
    rotary.ifPresent(rotation -> rotation.backward(pass, back.qkv));
    qkvProjection.backward(pass, gradients, memory.attentionNorm, back.qkv, back.narrow);
    attentionNorm.backward(
        pass, gradients, memory.input, memory.attentionStatistics, back.narrow, back.residual);
  }
}
