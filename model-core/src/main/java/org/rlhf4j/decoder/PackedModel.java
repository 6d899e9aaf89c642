package org.rlhf4j.decoder;

import org.rlhf4j.tensor.KernelSet;

/**
 * A language model made ready for {@link IncrementalDecoder}s, whose threads share it. Weights that
 * change afterwards are not seen.
 */
public final class PackedModel {
  private final DecoderConfig config;
  private final ParameterLayout layout;
  private final KernelSet kernels;
  private final Tensors weights;
  private final PackedProducts products;

  public PackedModel(DecoderModel model) {
    if (model.head() != DecoderHead.LANGUAGE_MODEL) {
      throw new IllegalArgumentException("Only a language model generates, not " + model.head());
    }
    this.kernels = model.weights().kernels();
    this.config = model.config();
    this.layout = model.layout();
    this.weights = new Tensors(layout, model.weights());
    this.products = new PackedProducts(weights);
  }

  /** The shape. */
  public DecoderConfig config() {
    return config;
  }

  ParameterLayout layout() {
    return layout;
  }

  KernelSet kernelSet() {
    return kernels;
  }

  Tensors weights() {
    return weights;
  }

  PackedProducts products() {
    return products;
  }
}
