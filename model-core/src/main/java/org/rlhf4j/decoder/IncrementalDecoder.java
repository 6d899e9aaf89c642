package org.rlhf4j.decoder;

import org.rlhf4j.tensor.AttentionShape;
import org.rlhf4j.tensor.Buffer;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.KeyValueCache;
import org.rlhf4j.tensor.Matrix;

/**
 * A language model that reads a few more tokens of many sequences at a time, with a key-value
 * cache. New prompts and running responses go through the same step. Not thread-safe.
 */
public final class IncrementalDecoder implements AutoCloseable {
  private final DecoderConfig config;
  private final Tensors weights;
  private final PackedProducts products;
  private final Kernels kernels;
  private final DecoderStack stack;
  private final LanguageModelHead head;
  private final KeyValueCache cache;
  private final BlockMemory memory;
  private final Buffer residual;
  private final Buffer scratch;

  /**
   * @param threads kernel threads of this instance
   */
  public IncrementalDecoder(PackedModel model, int threads) {
    this.config = model.config();
    ParameterLayout layout = model.layout();
    this.weights = model.weights();
    this.products = model.products();
    this.kernels = model.kernelSet().kernels(threads);
    this.stack = new DecoderStack(config, layout);
    this.head = new LanguageModelHead(kernels, config, layout);
    AttentionShape shape = Block.attentionShape(config, 0);
    this.cache = kernels.keyValueCache(shape, config.layers());
    this.memory = new BlockMemory(kernels, config, shape.width());
    this.residual = new Buffer(kernels);
    this.scratch = new Buffer(kernels);
  }

  /** A new, empty sequence; closing it gives its memory to the next. */
  public KeyValueCache.Row open() {
    return cache.open();
  }

  /**
   * Reads tokens, each at its place in its sequence; those of one sequence side by side, in order.
   *
   * @param rows sequence of each token, [N]
   * @param tokens [N]
   * @param positions place of each token in its sequence, from 0, [N]
   * @param wanted distinct tokens whose next-token logits are wanted, [K]
   * @return logits, [K, V], valid until the next step
   */
  public Matrix step(KeyValueCache.Row[] rows, int[] tokens, int[] positions, int[] wanted) {
    DecoderStack.checkTokens(config, tokens);
    for (int i = 0; i < rows.length; i++) {
      DecoderStack.checkLength(config, positions[i] + 1);
      rows[i].reserve(positions[i] + 1);
    }
    Pass pass =
        new Pass(
            kernels,
            weights,
            products,
            tokens,
            positions,
            (layer, shape, qkv, out) -> cache.attend(layer, shape, qkv, rows, positions, out),
            wanted,
            scratch);
    return head.logits(pass, stack.forward(pass, memory, residual));
  }

  /** The kernels, for work on the logits. */
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public void close() {
    kernels.close();
    head.close();
    memory.close();
    residual.close();
    scratch.close();
    cache.close();
  }
}
