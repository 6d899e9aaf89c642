package org.rlhf4j.jobs.dataset;

import static org.rlhf4j.jobs.JobException.badInput;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.dataset.InvalidRowException;
import org.rlhf4j.data.dataset.JsonCodec;
import org.rlhf4j.data.dataset.PlainRows;

/** Rows of a dataset from files that were never published: a user's own JSON lines or Parquet. */
final class PlainFiles {
  private static final JsonMapper JSON = new JsonMapper();

  private final SparkSession spark;
  private final InputFiles inputFiles;

  PlainFiles(SparkSession spark) {
    this.spark = spark;
    this.inputFiles =
        new InputFiles(
            JavaSparkContext.fromSparkContext(spark.sparkContext()).hadoopConfiguration());
  }

  <R extends Record> JavaRDD<R> read(String path, Class<R> record) {
    return rows(find(path, record), record, JsonCodec::of);
  }

  /** Files of a path that is no published dataset. */
  <R extends Record> List<InputFile> find(String path, Class<R> record) {
    List<InputFile> files = inputFiles.find(List.of(path));
    refuseUnpublished(path, files, DatasetSchema.of(record).name());
    return files;
  }

  /** Rows of the JSON lines files of a published dataset. */
  <R extends Record> JavaRDD<R> jsonLines(List<String> paths, Class<R> record) {
    return rows(inputFiles.find(paths), record, JsonCodec::ofPublished);
  }

  /** Codecs are made in the tasks, as they cannot be sent. */
  @FunctionalInterface
  private interface CodecOf<R extends Record> extends Serializable {
    JsonCodec<R> codec(Class<R> record);
  }

  private <R extends Record> JavaRDD<R> rows(
      List<InputFile> files, Class<R> record, CodecOf<R> codecOf) {
    return new RawRows(spark).read(files).map(row -> decode(row, record, codecOf.codec(record)));
  }

  private static <R extends Record> R decode(RawRow row, Class<R> record, JsonCodec<R> codec) {
    try {
      JsonNode json = JSON.readTree(row.bytes());
      return codec.fromJson(PlainRows.complete(json, DatasetSchema.of(record)));
    } catch (IOException | InvalidRowException e) {
      throw badInput(
          "Row %d of %s is no row of the dataset %s: %s; correct the file.",
          row.number(), row.file(), DatasetSchema.of(record).name(), firstLine(e));
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** A folder with part files and no manifest is what a stopped run leaves behind. */
  private static void refuseUnpublished(String path, List<InputFile> files, String dataset) {
    boolean isLeftover =
        files.stream()
            .map(file -> new Path(file.path()))
            .anyMatch(
                file ->
                    file.getName().matches("part-\\d{5}-.*")
                        && !file.getName().equals(new Path(path).getName()));
    if (isLeftover) {
      throw badInput(
          "%s was never published as dataset %s (it has no %s); run the stage that makes it again.",
          path, dataset, Manifest.FILE_NAME);
    }
  }
}
