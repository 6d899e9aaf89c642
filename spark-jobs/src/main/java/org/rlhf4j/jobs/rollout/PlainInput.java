package org.rlhf4j.jobs.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.data.dataset.InvalidRowException;
import org.rlhf4j.data.dataset.JsonCodec;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PlainRows;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.data.raw.RawFormat;
import org.rlhf4j.data.raw.RawParser;
import org.rlhf4j.data.raw.RawRecord.PlainPrompt;
import org.rlhf4j.data.raw.RawResult;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.InputFile;
import org.rlhf4j.jobs.dataset.RawRow;
import org.rlhf4j.jobs.dataset.RawRows;

/** Rows that users write by hand, and those of published datasets, with their places. */
public final class PlainInput {
  private static final JsonMapper JSON = new JsonMapper();

  private final SparkSession spark;
  private final Datasets datasets;

  /**
   * A prompt and where it was read.
   *
   * @param row as it was read
   */
  public record PlacedPrompt(RawRow row, Prompt prompt) implements Serializable {}

  public PlainInput(SparkSession spark, Datasets datasets) {
    this.spark = spark;
    this.datasets = datasets;
  }

  /**
   * Prompts of a published dataset, or as texts or messages, with or without the columns of the
   * dataset.
   */
  public JavaRDD<PlacedPrompt> prompts(String path) {
    return read(
        datasets.files(path, Prompt.class),
        (row, json) -> new PlacedPrompt(row, prompt(row, json)));
  }

  /** Responses with their prompts; the columns of rollouts will do. */
  public JavaRDD<ScoreRequest> scoreRequests(String path) {
    return read(datasets.files(path, Rollout.class), PlainInput::scoreRequest);
  }

  /** Makes a row. */
  @FunctionalInterface
  private interface Decoder<T> extends Serializable {
    T decode(RawRow row, JsonNode json) throws IOException, InvalidRowException;
  }

  private <T> JavaRDD<T> read(List<InputFile> files, Decoder<T> decoder) {
    return new RawRows(spark).read(files).map(row -> decode(row, decoder));
  }

  private static <T> T decode(RawRow row, Decoder<T> decoder) {
    try {
      return decoder.decode(row, JSON.readTree(row.bytes()));
    } catch (JsonProcessingException e) {
      throw bad(row, "is not valid JSON");
    } catch (InvalidRowException e) {
      throw bad(row, "is not usable: " + e.getMessage());
    } catch (IOException e) {
      throw bad(row, "cannot be read: " + e.getMessage());
    }
  }

  private static Prompt prompt(RawRow row, JsonNode json) throws InvalidRowException {
    if (json.hasNonNull("prompt_id")) {
      return JsonCodec.of(Prompt.class)
          .fromJson(PlainRows.complete(json, DatasetSchema.of(Prompt.class)));
    }
    RawResult result = RawParser.of(RawFormat.PROMPT).parse(row.bytes());
    if (result instanceof RawResult.Accepted accepted
        && accepted.record() instanceof PlainPrompt plain) {
      return new Prompt(
          RowIds.promptId(plain.prompt()), Split.TRAIN, plain.origin().source(), plain.prompt());
    }
    throw bad(row, "is no prompt: " + ((RawResult.Rejected) result).detail());
  }

  private static ScoreRequest scoreRequest(RawRow row, JsonNode json) throws IOException {
    String id = text(row, json, "rollout_id");
    String response = text(row, json, "response");
    FinishReason finish =
        "length".equals(json.path("finish_reason").asText())
            ? FinishReason.LENGTH
            : FinishReason.STOP;
    return new ScoreRequest(id, promptOf(row, json), response, finish);
  }

  private static List<Message> promptOf(RawRow row, JsonNode json) throws IOException {
    if (json.hasNonNull("prompt_text")) {
      return List.of(Message.text(text(row, json, "prompt_text")));
    }
    if (json.path("prompt").isTextual()) {
      return List.of(Message.text(json.path("prompt").textValue()));
    }
    byte[] promptRow =
        JSON.writeValueAsBytes(JSON.createObjectNode().set("prompt", json.path("prompt")));
    RawResult result = RawParser.of(RawFormat.PROMPT).parse(promptRow);
    if (result instanceof RawResult.Accepted accepted
        && accepted.record() instanceof PlainPrompt plain) {
      return plain.prompt();
    }
    throw bad(row, "has no usable prompt: " + ((RawResult.Rejected) result).detail());
  }

  private static String text(RawRow row, JsonNode json, String field) {
    if (!json.path(field).isTextual()) {
      throw bad(row, "has no text in its field " + field);
    }
    return json.path(field).textValue();
  }

  private static JobException bad(RawRow row, String problem) {
    return JobException.badInput(
        "Row %d of %s %s; correct the file", row.number(), row.file(), problem);
  }
}
