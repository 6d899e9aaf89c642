package org.rlhf4j.jobs.bench;

import java.util.Locale;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;

/** The two GPT-2 shaped models that are measured. */
enum ModelShape {
  /** Width 256, 4 layers, vocabulary 4,096. */
  SMALL,
  /** GPT-2 with 124 million parameters. */
  GPT2;

  private static final int MATRICES_PER_LAYER = 4; // qkv 3 d^2, attention output d^2

  DecoderConfig config() {
    return switch (this) {
      case SMALL -> new DecoderConfig("gpt2", 4, 4, 4, 256, 1024, 256, 4096, true, 1e-5);
      case GPT2 -> new DecoderConfig("gpt2", 12, 12, 12, 768, 3072, 1024, 50257, true, 1e-5);
    };
  }

  DecoderModel model() {
    return DecoderModel.random(config(), DecoderHead.LANGUAGE_MODEL, 1);
  }

  /** Parameters of one token's way through the blocks' matrix products. */
  private double blockParameters() {
    DecoderConfig config = config();
    double width = config.hiddenSize();
    double perLayer = MATRICES_PER_LAYER * width * width + 2 * width * config.intermediateSize();
    return config.layers() * perLayer;
  }

  /**
   * Floating-point operations of a forward pass: two per parameter and token, and those of causal
   * attention.
   *
   * @param tokens that go through the blocks
   * @param outputs of them, how many go through the output layer
   * @param seen tokens that each attends to, on average
   */
  double forwardOperations(double tokens, double outputs, double seen) {
    DecoderConfig config = config();
    double attention = 4 * tokens * seen * config.hiddenSize() * config.layers();
    double head = 2 * outputs * config.hiddenSize() * config.vocabularySize();
    return 2 * tokens * blockParameters() + attention + head;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
