package org.rlhf4j.decoder;

import java.util.Optional;
import org.rlhf4j.tensor.AttentionShape;
import org.rlhf4j.tensor.Buffer;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.KernelSet;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/**
 * Forward and backward pass of a decoder with its own activation memory, allocated once per shape.
 * Not thread-safe: one per thread of work. Weights are given with each call.
 *
 * <p>With the {@link KernelSet#CPU} kernels, outputs and gradients are bitwise the same for every
 * number of threads on processors with AVX-512.
 */
public final class Decoder implements AutoCloseable {
  private final DecoderConfig config;
  private final ParameterLayout layout;
  private final Floats frozen;
  private final Kernels kernels;
  private final DecoderStack stack;
  private final Head head;
  private final BlockMemory[] memories;
  private final Buffer[] residuals;
  private final BackwardMemory wantedBack; // of the tokens that leave the last block
  private final BackwardMemory back;
  private final Buffer scratch;

  private Optional<Tensors> weightTensors = Optional.empty();
  private Optional<Tensors> gradientTensors = Optional.empty();
  private TokenBatch forwarded = new TokenBatch(new int[0], new int[] {0}, new int[0]);
  private boolean ready; // for backward

  /** For weights in the memory of the current kernels. */
  public Decoder(DecoderConfig config, DecoderHead head, int threads) {
    this(config, head, KernelSet.current(), threads);
  }

  /**
   * A decoder whose weights are all given with each call, and all have gradients.
   *
   * @param set the kernels in whose memory weights and gradients will be given
   * @param threads kernel threads of this instance
   */
  public Decoder(DecoderConfig config, DecoderHead head, KernelSet set, int threads) {
    this(config, head, Adapters.NONE, set.allocate(0), threads);
  }

  /**
   * A decoder with adapters: weights and gradients of each call are {@linkplain
   * ParameterLayout#trained those of what is trained}, in the memory of the frozen ones.
   *
   * @param frozen weights of a model of this shape, shared; read only, and not at all without
   *     adapters
   * @param threads kernel threads of this instance
   */
  public Decoder(
      DecoderConfig config, DecoderHead head, Adapters adapters, Floats frozen, int threads) {
    this.config = config;
    this.layout = ParameterLayout.of(config, head, adapters);
    this.frozen = frozen;
    this.kernels = frozen.kernels().kernels(threads);
    AttentionShape attention = Block.attentionShape(config, 0);
    this.stack = new DecoderStack(config, layout);
    this.head =
        head == DecoderHead.SCALAR
            ? new ScalarHead(kernels, config, layout)
            : new LanguageModelHead(kernels, config, layout);
    this.memories = new BlockMemory[config.layers()];
    this.residuals = new Buffer[config.layers() + 1];
    for (int i = 0; i < memories.length; i++) {
      memories[i] = new BlockMemory(kernels, config, attention.width());
    }
    for (int i = 0; i < residuals.length; i++) {
      residuals[i] = new Buffer(kernels);
    }
    this.wantedBack = new BackwardMemory(kernels, config, attention.width());
    this.back = new BackwardMemory(kernels, config, attention.width());
    this.scratch = new Buffer(kernels);
  }

  /**
   * Outputs of the batch's targets; keeps no activations.
   *
   * @param temperature divides the logits (language model only)
   * @param outputs set, [K]; see {@link TokenBatch}
   */
  public void evaluate(Floats weights, TokenBatch batch, double temperature, float[] outputs) {
    ready = false;
    Pass pass = pass(weights, batch);
    Matrix x = stack.forward(pass, memories[0], residuals[0]);
    head.evaluate(pass, batch, x, temperature, outputs);
  }

  /**
   * The same, keeping what {@link #backward} needs.
   *
   * @param entropies set to the entropy of each target's distribution, nats, [K]; empty array: not
   *     computed
   */
  public void forward(
      Floats weights, TokenBatch batch, double temperature, float[] outputs, float[] entropies) {
    Pass pass = pass(weights, batch);
    Matrix x = stack.forward(pass, memories, residuals);
    head.forward(pass, batch, x, temperature, outputs, entropies);
    forwarded = batch;
    ready = true;
  }

  /**
   * Gradient of the loss with respect to what is trained, for the batch of the last {@link
   * #forward}, which can be called once.
   *
   * @param outputGradient d loss / d outputs, [K]
   * @param gradients set (not added to), laid out as the weights
   */
  public void backward(Floats weights, float[] outputGradient, Floats gradients) {
    if (!ready) {
      throw new IllegalStateException("A backward pass needs a forward pass before it");
    }
    ready = false;
    Pass pass = pass(weights, forwarded);
    Tensors targets = gradientTensors(gradients);
    wantedBack.resize(pass.wanted().length);
    back.resize(pass.size());
    if (head instanceof ScalarHead || !config.tiedEmbeddings()) {
      stack.clearTokenGradient(pass, targets);
    }
    head.backward(pass, targets, outputGradient, wantedBack.residual);
    stack.backward(pass, forwarded.offsets(), memories, wantedBack, back, targets);
  }

  private Pass pass(Floats weights, TokenBatch batch) {
    int[] positions = positions(batch);
    Tensors tensors = weightTensors(weights);
    return new Pass(
        kernels,
        tensors,
        new DirectProducts(tensors),
        batch.tokens(),
        positions,
        (layer, shape, qkv, out) -> kernels.attention(shape, qkv, batch.offsets(), out),
        head.wanted(batch),
        scratch);
  }

  private int[] positions(TokenBatch batch) {
    int[] positions = new int[batch.tokens().length];
    for (int sequence = 0; sequence < batch.size(); sequence++) {
      int start = batch.offsets()[sequence];
      int length = batch.offsets()[sequence + 1] - start;
      DecoderStack.checkLength(config, length);
      for (int i = 0; i < length; i++) {
        positions[start + i] = i;
      }
    }
    DecoderStack.checkTokens(config, batch.tokens());
    return positions;
  }

  private Tensors weightTensors(Floats weights) {
    if (weightTensors.filter(tensors -> tensors.isOf(weights)).isEmpty()) {
      weightTensors = Optional.of(Tensors.weights(layout, frozen, weights));
    }
    return weightTensors.orElseThrow();
  }

  private Tensors gradientTensors(Floats gradients) {
    if (gradientTensors.filter(tensors -> tensors.isOf(gradients)).isEmpty()) {
      gradientTensors = Optional.of(Tensors.gradients(kernels, layout, gradients));
    }
    return gradientTensors.orElseThrow();
  }

  @Override
  public void close() {
    kernels.close();
    head.close();
    wantedBack.close();
    back.close();
    scratch.close();
    for (BlockMemory memory : memories) {
      memory.close();
    }
    for (Buffer buffer : residuals) {
      buffer.close();
    }
  }
}
