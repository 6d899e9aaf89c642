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

  DecoderConfig config() {
    return switch (this) {
      case SMALL -> new DecoderConfig("gpt2", 4, 4, 4, 256, 1024, 256, 4096, true, 1e-5);
      case GPT2 -> new DecoderConfig("gpt2", 12, 12, 12, 768, 3072, 1024, 50257, true, 1e-5);
    };
  }

  DecoderModel model(DecoderHead head) {
    return DecoderModel.random(config(), head, 1);
  }

  /**
   * Floating-point operations of a forward pass: two per parameter and token, and those of causal
   * attention.
   *
   * @param tokens that enter the blocks
   * @param outputs of them, how many leave the last block and go through the output layer
   * @param outputWidth values of each output
   * @param seen tokens that each attends to, on average
   */
  double forwardOperations(double tokens, double outputs, double outputWidth, double seen) {
    DecoderConfig config = config();
    double width = config.hiddenSize();
    double queriesKeysValues = 3 * width * width;
    double others = width * width + 2 * width * config.intermediateSize();
    double blocks =
        config.layers() * tokens * queriesKeysValues
            + ((config.layers() - 1) * tokens + outputs) * others;
    double attention = 2 * tokens * seen * width * config.layers();
    return 2 * (blocks + attention + outputs * outputWidth * width);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
