package org.rlhf4j.hub;

import java.nio.file.Path;
import org.rlhf4j.decoder.DecoderModel;

/** A model directory as {@code transformers} writes it, on a local path. Stub. */
public final class ModelDirectory {
  private ModelDirectory() {}

  /** Reads config.json and the weights; the head follows {@code architectures}. */
  public static DecoderModel load(Path directory) {
    throw new UnsupportedOperationException();
  }

  /** End tokens from generation_config.json, config.json or the tokenizer, in that order. */
  public static int[] endTokens(Path directory) {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes config.json, model.safetensors, generation_config.json and copies the tokenizer files of
   * {@code tokenizerDirectory}.
   */
  public static void save(DecoderModel model, Path tokenizerDirectory, Path directory) {
    throw new UnsupportedOperationException();
  }
}
