package org.rlhf4j.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.ParameterLayout;
import org.rlhf4j.tensor.Floats;

/**
 * Scores {@code (r - mean) / deviation} in place of r: gain and bias of Ziegler et al. 2019
 * (arXiv:1909.08593), section 2.1.
 *
 * <p>The gain goes into the head's weight w. The head has no bias in {@code transformers}, but the
 * last norm of GPT-2 has one, b: with {@code b + c w / (w w)} every score is c higher, and nothing
 * else reads that norm. A norm without bias cannot do that; there the bias is the key {@value
 * #OFFSET_KEY} of config.json, which whoever reads scalars adds.
 *
 * @param mean of the reference responses' scores
 * @param deviation of the same, above 0; 1 to shift only
 */
public record ScoreNormalization(double mean, double deviation) {
  private static final String OFFSET_KEY = "score_offset";
  private static final String CONFIG = "config.json";
  private static final String HEAD = "score.weight";

  /** The last norm of GPT-2. */
  static final String NORM = "transformer.ln_f";

  private static final String NORM_BIAS = NORM + ".bias";

  /**
   * A copy whose scalars are normalised, but for the {@link #offset} of models that cannot hold it.
   *
   * @param model with a scalar head that is not 0
   */
  public DecoderModel fold(DecoderModel model) {
    Floats weights = model.weights().kernels().allocate(model.weights().length());
    weights.copyFrom(model.weights(), 0);
    ParameterLayout.Entry head = ParameterLayout.of(model.config(), model.head()).entry(HEAD);
    double square = 0;
    for (long i = head.offset(); i < head.offset() + head.size(); i++) {
      float scaled = (float) (weights.at(i) / deviation);
      weights.set(i, scaled);
      square += (double) scaled * scaled;
    }
    Optional<ParameterLayout.Entry> bias = normBias(model);
    if (bias.isPresent()) {
      for (long i = 0; i < head.size(); i++) {
        long place = bias.get().offset() + i;
        double share = weights.at(head.offset() + i) / square;
        weights.set(place, (float) (weights.at(place) - mean / deviation * share));
      }
    }
    return new DecoderModel(model.config(), model.head(), weights);
  }

  /** What is to be added to the scalars of the folded model. */
  public double offset(DecoderModel model) {
    return normBias(model).isPresent() ? 0 : -mean / deviation;
  }

  private static Optional<ParameterLayout.Entry> normBias(DecoderModel model) {
    return ParameterLayout.of(model.config(), model.head()).entries().stream()
        .filter(entry -> entry.name().equals(NORM_BIAS))
        .findFirst();
  }

  /**
   * Writes an offset beside the other settings of a saved model; 0 is left out.
   *
   * @throws UncheckedIOException if storage fails
   */
  public static void writeOffset(double offset, Path directory) {
    if (offset == 0) {
      return;
    }
    Path config = directory.resolve(CONFIG);
    ObjectNode json = JsonFile.read(config, ModelTokens.MAX_CONFIG_BYTES).root().deepCopy();
    json.put(OFFSET_KEY, offset);
    try {
      Files.write(config, JsonFile.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What is to be added to the scalars of a model directory; 0 where it says nothing.
   *
   * @throws ModelFormatException if it is no number
   */
  public static double readOffset(Path directory) {
    Path config = directory.resolve(CONFIG);
    JsonNode offset = JsonFile.read(config, ModelTokens.MAX_CONFIG_BYTES).root().path(OFFSET_KEY);
    if (offset.isMissingNode()) {
      return 0;
    }
    if (!offset.isNumber() || !Double.isFinite(offset.asDouble())) {
      throw new ModelFormatException(
          String.format(
              "%s has %s %s, which is no number; correct it", config, OFFSET_KEY, offset));
    }
    return offset.asDouble();
  }
}
