package org.rlhf4j.jobs.dataset;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * Content of {@code _manifest.json}: what a published dataset consists of.
 *
 * @param inputs directories of the datasets or models it was made from
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Manifest(
    String dataset,
    long rows,
    int schemaVersion,
    List<DataFile> files,
    String producer,
    List<String> inputs) {
  public static final String FILE_NAME = "_manifest.json";

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * One file of a dataset.
   *
   * @param path relative to the dataset's directory
   * @param tokens of its rows, each response with its prompt; absent where nobody counted
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record DataFile(String path, long bytes, String sha256, long rows, Long tokens)
      implements Serializable {
    DataFile(String path, long bytes, String sha256, long rows) {
      this(path, bytes, sha256, rows, null);
    }

    DataFile withTokens(long counted) {
      return new DataFile(path, bytes, sha256, rows, counted);
    }
  }

  public Manifest {
    files = List.copyOf(files);
    inputs = inputs == null ? List.of() : List.copyOf(inputs);
  }

  /** Empty if the text is no manifest. */
  static Optional<Manifest> parse(String json) {
    try {
      return Optional.ofNullable(JSON.readValue(json, Manifest.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  String toJson() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the manifest of " + dataset, e);
    }
  }
}
