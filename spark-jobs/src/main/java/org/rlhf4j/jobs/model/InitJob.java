package org.rlhf4j.jobs.model;

import org.rlhf4j.config.ModelConfig;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.jobs.checkpoint.CheckpointStore;
import org.rlhf4j.jobs.checkpoint.LocalDirectory;
import org.rlhf4j.text.Tokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a new model directory with random weights, from a shape and a tokenizer. */
public final class InitJob {
  private static final Logger LOG = LoggerFactory.getLogger(InitJob.class);
  private static final double NORM_EPSILON = 1e-5;
  private static final int FEED_FORWARD_MULTIPLE = 4;
  private static final int GATED_ROUNDING = 32;

  /**
   * What was written.
   *
   * @param parameters elements of all tensors
   */
  public record Result(String output, int vocabularySize, long parameters) {}

  /**
   * @param tokenizerDirectory any Hadoop path; its tokenizer is copied, and its size is the model's
   *     vocabulary
   * @param seed of the weights
   */
  public Result execute(String tokenizerDirectory, ModelConfig shape, long seed, String output) {
    try (LocalDirectory tokenizer = LocalDirectory.of(tokenizerDirectory)) {
      DecoderConfig config = config(shape, vocabularySize(tokenizer));
      DecoderModel model = DecoderModel.random(config, DecoderHead.LANGUAGE_MODEL, seed);
      new CheckpointStore()
          .publish(output, directory -> ModelDirectory.save(model, tokenizer.path(), directory));
      LOG.info("Wrote a new model of {} parameters to {}", model.weights().length(), output);
      return new Result(output, config.vocabularySize(), model.weights().length());
    }
  }

  private static int vocabularySize(LocalDirectory directory) {
    try (Tokenizer tokenizer = Tokenizer.load(directory.path())) {
      return tokenizer.vocabularySize();
    }
  }

  private static DecoderConfig config(ModelConfig shape, int vocabularySize) {
    int intermediate =
        shape.intermediateSize() > 0 ? shape.intermediateSize() : usualIntermediateSize(shape);
    return new DecoderConfig(
        shape.family(),
        shape.layers(),
        shape.heads(),
        shape.kvHeads() > 0 ? shape.kvHeads() : shape.heads(),
        shape.hiddenSize(),
        intermediate,
        shape.contextLength(),
        vocabularySize,
        shape.tiedEmbeddings(),
        NORM_EPSILON);
  }

  /** A gated layer has three matrices instead of two, hence two thirds of the width. */
  private static int usualIntermediateSize(ModelConfig shape) {
    int width = FEED_FORWARD_MULTIPLE * shape.hiddenSize();
    if (shape.family().equals("gpt2")) {
      return width;
    }
    int block = 3 * GATED_ROUNDING;
    return (2 * width + block - 1) / block * GATED_ROUNDING;
  }
}
