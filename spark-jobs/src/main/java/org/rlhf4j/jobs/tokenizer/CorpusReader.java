package org.rlhf4j.jobs.tokenizer;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.jobs.JobException;

/** Reads inputs of any accepted form as JSON rows. */
final class CorpusReader {
  private final SparkSession spark;

  CorpusReader(SparkSession spark) {
    this.spark = spark;
  }

  JavaRDD<String> lines(String input) {
    String[] files = spark.read().format("binaryFile").load(input).inputFiles();
    if (files.length == 0) {
      throw JobException.badInput("Input %s holds no files", input);
    }
    boolean parquet = files[0].endsWith(".parquet");
    return parquet
        ? spark.read().parquet(input).toJSON().toJavaRDD()
        : spark.read().textFile(input).toJavaRDD();
  }
}
