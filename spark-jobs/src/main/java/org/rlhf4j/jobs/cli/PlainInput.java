package org.rlhf4j.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.data.dataset.InvalidRowException;
import org.rlhf4j.data.dataset.JsonCodec;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PlainRows;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.data.raw.RawFormat;
import org.rlhf4j.data.raw.RawParser;
import org.rlhf4j.data.raw.RawRecord.PlainPrompt;
import org.rlhf4j.data.raw.RawResult;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.InputFiles;
import org.rlhf4j.jobs.dataset.RawRow;
import org.rlhf4j.jobs.dataset.RawRows;
import org.rlhf4j.jobs.rollout.ScoreRequest;

/** Rows that users write by hand for {@code generate} and {@code score}. */
final class PlainInput {
  private static final JsonMapper JSON = new JsonMapper();

  private final SparkSession spark;

  PlainInput(SparkSession spark) {
    this.spark = spark;
  }

  /** Prompts as texts or messages, with or without the columns of the dataset. */
  JavaRDD<Prompt> prompts(String path) {
    return read(path, PlainInput::prompt);
  }

  /** Responses with their prompts; the columns of rollouts will do. */
  JavaRDD<ScoreRequest> scoreRequests(String path) {
    return read(path, PlainInput::scoreRequest);
  }

  /** Makes a row. */
  @FunctionalInterface
  private interface Decoder<T> extends Serializable {
    T decode(RawRow row, JsonNode json) throws IOException, InvalidRowException;
  }

  private <T> JavaRDD<T> read(String path, Decoder<T> decoder) {
    InputFiles files =
        new InputFiles(
            JavaSparkContext.fromSparkContext(spark.sparkContext()).hadoopConfiguration());
    return new RawRows(spark).read(files.find(List.of(path))).map(row -> decode(row, decoder));
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
