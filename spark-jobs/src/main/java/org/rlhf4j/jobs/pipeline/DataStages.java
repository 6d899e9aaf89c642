package org.rlhf4j.jobs.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.ConfigException;
import org.rlhf4j.config.PipelineConfig;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.demo.DemoData;
import org.rlhf4j.jobs.prepare.PrepareJob;
import org.rlhf4j.jobs.prepare.PrepareResult;
import org.rlhf4j.jobs.reviews.ReviewCounts;
import org.rlhf4j.jobs.reviews.ReviewData;
import org.rlhf4j.jobs.reviews.SentimentGold;
import org.rlhf4j.jobs.reviews.SentimentJudge;

/** From nothing, or from raw files, to datasets. */
final class DataStages {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SparkSession spark;
  private final Datasets.OutputFormat format;
  private final Storage storage;
  private final RunConfig config;
  private final RunDirectory run;

  DataStages(
      SparkSession spark,
      Datasets.OutputFormat format,
      Storage storage,
      RunConfig config,
      RunDirectory run) {
    this.spark = spark;
    this.format = format;
    this.storage = storage;
    this.config = config;
    this.run = run;
  }

  /** Raw files of a generator; nothing to do where the input is given. */
  Stage makeRawData() {
    Path complete = new Path(run.raw(), "_complete");
    return new Stage(
        "raw",
        () -> pipeline().generator() == PipelineConfig.Generator.NONE || storage.exists(complete),
        () -> {
          Map<String, Object> counts = generate();
          storage.replaceText(complete, "");
          return counts;
        });
  }

  private Map<String, Object> generate() {
    long seed = config.rlhf().seed();
    return switch (pipeline().generator()) {
      case NONE -> Map.of();
      case DEMO -> {
        new DemoData(config.demo(), seed).write(run.raw());
        yield Map.of();
      }
      case REVIEWS -> reviews(seed);
    };
  }

  private Map<String, Object> reviews(long seed) {
    if (pipeline().input().size() != 1) {
      throw new ConfigException(
          "pipeline.input must name the one archive of reviews, but is " + pipeline().input());
    }
    ReviewCounts sentences =
        new ReviewData(config.reviews(), seed).write(pipeline().input().get(0), run.raw());
    SentimentGold judge = new SentimentJudge(spark).train(run.raw());
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("sentences", sentences.read());
    counts.put("sentences_of_the_judge", sentences.judge());
    counts.put("judge_accuracy", judge.heldOutAccuracy());
    counts.put("judge_held_out_sentences", judge.heldOutSentences());
    return counts;
  }

  Stage prepare() {
    return new Stage(
        "prepare",
        this::isPrepared,
        () -> {
          PrepareResult result =
              new PrepareJob(
                      spark,
                      config.rlhf().prepare(),
                      config.rlhf().data(),
                      format,
                      Optional.of(pipeline().model()).filter(model -> !model.isEmpty()))
                  .execute(rawInputs(), pipeline().format(), run.datasets());
          return counts(result);
        });
  }

  static Map<String, Object> counts(PrepareResult result) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("read", result.read());
    counts.put("kept", result.kept());
    counts.put("quarantined", result.quarantined());
    counts.put("duplicates", result.duplicates());
    counts.put("reasons", result.reasons());
    counts.put("datasets", result.datasets());
    return counts;
  }

  private List<String> rawInputs() {
    return pipeline().generator() == PipelineConfig.Generator.NONE
        ? pipeline().input()
        : List.of(run.raw() + "/*.jsonl");
  }

  /** The summary names datasets only once all of them are published. */
  private boolean isPrepared() {
    Path summary = new Path(run.datasets(), "summary.json");
    if (!storage.exists(summary)) {
      return false;
    }
    try {
      JsonNode datasets = JSON.readTree(storage.readText(summary)).path("datasets");
      return !datasets.isEmpty();
    } catch (JsonProcessingException e) {
      return false; // half-written
    }
  }

  private PipelineConfig pipeline() {
    return config.rlhf().pipeline();
  }
}
