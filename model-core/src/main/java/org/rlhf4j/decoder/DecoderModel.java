package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.KernelSet;

/**
 * A decoder's shape and weights; read only while shared between threads.
 *
 * @param weights one flat vector, laid out by {@link ParameterLayout}
 */
public record DecoderModel(DecoderConfig config, DecoderHead head, Floats weights) {
  /** The layout of {@link #weights}. */
  public ParameterLayout layout() {
    return ParameterLayout.of(config, head);
  }

  /** The same with its weights in the memory of these kernels, copied where they are not yet. */
  public DecoderModel in(KernelSet kernels) {
    if (weights.kernels() == kernels) {
      return this;
    }
    Floats moved = kernels.allocate(weights.length());
    moved.copyFrom(weights, 0);
    return new DecoderModel(config, head, moved);
  }

  /**
   * New weights as the family initialises them (GPT-2: normal 0.02, residual projections scaled by
   * 1/sqrt(2 layers)), from a seed. Each tensor depends on the seed and its own name only.
   */
  public static DecoderModel random(DecoderConfig config, DecoderHead head, long seed) {
    ParameterLayout layout = ParameterLayout.of(config, head);
    Floats weights = Floats.allocate(layout.size());
    RandomWeights initialiser = new RandomWeights(config.layers(), seed);
    layout.entries().forEach(entry -> initialiser.fill(entry, weights));
    return new DecoderModel(config, head, weights);
  }

  /**
   * The same body with a new head of the other kind (a small random scalar head, or the tied or a
   * random vocabulary matrix), as a reward model or critic starts. A model that already has this
   * head is copied as it is.
   */
  public DecoderModel withHead(DecoderHead newHead, long seed) {
    ParameterLayout source = layout();
    ParameterLayout target = ParameterLayout.of(config, newHead);
    Floats newWeights = weights.kernels().allocate(target.size());
    RandomWeights initialiser = new RandomWeights(config.layers(), seed);
    for (ParameterLayout.Entry entry : target.entries()) {
      if (source.contains(entry.name())) {
        long offset = source.entry(entry.name()).offset();
        newWeights.copyFrom(weights.slice(offset, entry.size()), entry.offset());
      } else {
        initialiser.fill(entry, newWeights);
      }
    }
    return new DecoderModel(config, newHead, newWeights);
  }
}
