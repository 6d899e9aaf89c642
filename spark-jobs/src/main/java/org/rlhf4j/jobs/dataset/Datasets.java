package org.rlhf4j.jobs.dataset;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Publishes and reads datasets: files first, {@code _manifest.json} last; no manifest, no dataset.
 * Stub.
 */
public final class Datasets {
  /** Format of the files of a dataset. */
  public enum OutputFormat {
    PARQUET,
    JSONL
  }

  public Datasets(SparkSession spark, OutputFormat format) {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes the rows under {@code directory} (replacing unpublished leftovers) and publishes them.
   *
   * @param producer stage that wrote it
   * @param inputs directories of the datasets or models it was made from
   * @return rows written, as counted in the committed files
   */
  public <R extends Record> long publish(
      String directory, Class<R> record, JavaRDD<R> rows, String producer, List<String> inputs) {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads a published dataset, or plain JSON lines with its columns.
   *
   * @throws org.rlhf4j.jobs.JobException if it is missing, unpublished, changed since, or lacks a
   *     required column
   */
  public <R extends Record> JavaRDD<R> read(String path, Class<R> record) {
    throw new UnsupportedOperationException();
  }

  /** The same as a Spark dataset with the schema's columns. */
  public <R extends Record> Dataset<Row> readRows(String path, Class<R> record) {
    throw new UnsupportedOperationException();
  }

  public boolean isPublished(String directory) {
    throw new UnsupportedOperationException();
  }
}
