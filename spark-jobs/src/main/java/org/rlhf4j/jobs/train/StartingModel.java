package org.rlhf4j.jobs.train;

import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.decoder.Adapters;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.jobs.JobException;

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
  /**
   * The model itself.
   *
   * @param directory it was read from
   * @param command that needs it
   * @throws JobException if it is a reward model
   */
  static DecoderModel requireLanguageModel(DecoderModel model, String directory, String command) {
    if (model.head() != DecoderHead.LANGUAGE_MODEL) {
      throw JobException.badInput(
          "Model %s is a reward model; %s needs a language model", directory, command);
    }
    return model;
  }

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
