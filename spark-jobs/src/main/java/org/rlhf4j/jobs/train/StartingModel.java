package org.rlhf4j.jobs.train;

import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.decoder.Adapters;
import org.rlhf4j.decoder.DecoderModel;

/**
 * What a learner starts from, and what of it is trained.
 *
 * @param model its weights are copied, or, with adapters, frozen and shared
 * @param adapters {@link Adapters#NONE}: all weights are trained
 * @param directory on any Hadoop path, where executors find the frozen weights (a scalar head may
 *     be missing there); not read without adapters
 * @param seed of new adapters
 */
public record StartingModel(DecoderModel model, Adapters adapters, String directory, long seed) {
  /** All weights of a model. */
  public static StartingModel full(DecoderModel model) {
    return new StartingModel(model, Adapters.NONE, "", 0);
  }

  /**
   * What the configuration asks for.
   *
   * @throws org.rlhf4j.config.ConfigException if the model cannot have such adapters
   */
  public static StartingModel of(DecoderModel model, LoraConfig lora, String directory, long seed) {
    return new StartingModel(model, Adapters.of(lora, model.config()), directory, seed);
  }
}
