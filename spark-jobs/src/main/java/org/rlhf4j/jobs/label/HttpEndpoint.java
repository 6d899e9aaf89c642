package org.rlhf4j.jobs.label;

import java.io.Serializable;
import java.net.URI;
import org.rlhf4j.config.LabelConfig;
import org.rlhf4j.jobs.JobException;

/**
 * Where chat completions are asked for.
 *
 * @param url of the endpoint, http or https
 * @param model name that the endpoint knows
 * @param key empty for none; not part of {@link #toString}
 */
public record HttpEndpoint(URI url, String model, String key) implements Serializable {
  /**
   * @throws JobException if the text is no address, or the model has no name
   */
  public static HttpEndpoint of(String url, String model, String key) {
    if (model.isBlank()) {
      throw JobException.badInput("The judge at %s needs a model's name; set label.model", url);
    }
    try {
      URI parsed = URI.create(url);
      if (parsed.getHost() != null && String.valueOf(parsed.getScheme()).matches("https?")) {
        return new HttpEndpoint(parsed, model, key);
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw JobException.badInput(
        "The judge's address %s is no http or https URL; check --judge-url or score.judge", url);
  }

  /**
   * The endpoint as the configuration names its model and the environment holds its key.
   *
   * @throws JobException if the text is no address, or the model has no name
   */
  public static HttpEndpoint of(String url, LabelConfig config) {
    String key = System.getenv().getOrDefault(config.keyVariable(), "");
    return of(url, config.model(), key);
  }

  @Override
  public String toString() {
    return model + " at " + url;
  }
}
