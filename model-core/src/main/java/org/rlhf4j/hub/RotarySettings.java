package org.rlhf4j.hub;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.rlhf4j.decoder.RotaryScaling;
import org.rlhf4j.decoder.RotaryShape;

/**
 * Rotary positions in config.json: {@code rope_theta} and {@code rope_scaling} of transformers
 * before version 5, {@code rope_parameters} since. Both are written.
 */
final class RotarySettings {
  private static final double BASE = 10_000;
  private static final double BETA_FAST = 32;
  private static final double BETA_SLOW = 1;

  private RotarySettings() {}

  /**
   * @param contextLength the model's, which is also that of the pre-training where no other is
   *     given
   */
  static RotaryShape read(JsonFile config, int contextLength) {
    // Where both are there, transformers takes the old one, too.
    JsonFile rotary = config.object("rope_scaling", "rope_parameters");
    if (rotary.root().properties().stream().anyMatch(field -> field.getValue().isObject())) {
      throw config.unsupported("rope_parameters", rotary.root().toString());
    }
    for (JsonFile file : new JsonFile[] {config, rotary}) {
      if (file.positiveNumber("partial_rotary_factor").orElse(1) != 1) {
        throw config.unsupported(
            "partial_rotary_factor", file.root().get("partial_rotary_factor").toString());
      }
    }
    double base =
        rotary
            .positiveNumber("rope_theta")
            .orElse(config.positiveNumber("rope_theta").orElse(BASE));
    return new RotaryShape(base, scaling(rotary, contextLength));
  }

  private static RotaryScaling scaling(JsonFile rotary, int contextLength) {
    String type = rotary.text("rope_type").or(() -> rotary.text("type")).orElse("default");
    return switch (type) {
      case "default" -> new RotaryScaling.Unscaled();
      case "linear" -> new RotaryScaling.Linear(required(rotary, "factor"));
      case "dynamic" -> new RotaryScaling.Dynamic(required(rotary, "factor"));
      case "llama3" ->
          new RotaryScaling.Llama3(
              required(rotary, "factor"),
              required(rotary, "low_freq_factor"),
              required(rotary, "high_freq_factor"),
              originalContext(rotary, contextLength));
      case "yarn" -> yarn(rotary, contextLength);
      default -> throw rotary.unsupported("rope_type", type);
    };
  }

  private static RotaryScaling yarn(JsonFile rotary, int contextLength) {
    int original = originalContext(rotary, contextLength);
    double factor = rotary.positiveNumber("factor").orElse((double) contextLength / original);
    return new RotaryScaling.Yarn(
        factor,
        original,
        rotary.positiveNumber("beta_fast").orElse(BETA_FAST),
        rotary.positiveNumber("beta_slow").orElse(BETA_SLOW),
        rotary.positiveNumber("attention_factor").orElse(amplitude(rotary, factor)),
        rotary.flag("truncate", true));
  }

  /** Peng et al. 2023, eq. 22, in the form of transformers. */
  private static double amplitude(JsonFile rotary, double factor) {
    double scale = rotary.positiveNumber("mscale").orElse(0);
    double all = rotary.positiveNumber("mscale_all_dim").orElse(0);
    return scale > 0 && all > 0
        ? amplitude(factor, scale) / amplitude(factor, all)
        : amplitude(factor, 1.0);
  }

  private static double amplitude(double factor, double scale) {
    return factor <= 1 ? 1.0 : 0.1 * scale * Math.log(factor) + 1.0;
  }

  private static int originalContext(JsonFile rotary, int contextLength) {
    return rotary.positiveInt("original_max_position_embeddings").orElse(contextLength);
  }

  private static double required(JsonFile rotary, String key) {
    return rotary
        .positiveNumber(key)
        .orElseThrow(
            () ->
                new ModelFormatException(
                    String.format(
                        "%s: the rotary scaling needs \"%s\", but it is not there",
                        rotary.path(), key)));
  }

  static void write(RotaryShape rotary, ObjectNode json) {
    json.put("rope_theta", rotary.base());
    ObjectNode parameters = JsonFile.JSON.createObjectNode();
    if (rotary.scaling() instanceof RotaryScaling.Unscaled) {
      json.putNull("rope_scaling");
      parameters.put("rope_type", "default");
    } else {
      putScaling(rotary.scaling(), parameters);
      json.set("rope_scaling", parameters.deepCopy());
    }
    json.set("rope_parameters", parameters.put("rope_theta", rotary.base()));
  }

  private static void putScaling(RotaryScaling scaling, ObjectNode json) {
    if (scaling instanceof RotaryScaling.Linear linear) {
      json.put("rope_type", "linear").put("factor", linear.factor());
    } else if (scaling instanceof RotaryScaling.Dynamic dynamic) {
      json.put("rope_type", "dynamic").put("factor", dynamic.factor());
    } else if (scaling instanceof RotaryScaling.Llama3 llama3) {
      json.put("rope_type", "llama3").put("factor", llama3.factor());
      json.put("low_freq_factor", llama3.lowFrequencyFactor());
      json.put("high_freq_factor", llama3.highFrequencyFactor());
      json.put("original_max_position_embeddings", llama3.originalContextLength());
    } else if (scaling instanceof RotaryScaling.Yarn yarn) {
      json.put("rope_type", "yarn").put("factor", yarn.factor());
      json.put("attention_factor", yarn.amplitude());
      json.put("beta_fast", yarn.betaFast()).put("beta_slow", yarn.betaSlow());
      json.put("original_max_position_embeddings", yarn.originalContextLength());
      json.put("truncate", yarn.truncate());
    }
  }
}
