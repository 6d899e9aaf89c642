package org.rlhf4j.jobs.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.dataset.Demonstration;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.InputFiles;
import org.rlhf4j.jobs.dataset.RawRows;

/**
 * Reads inputs as JSON rows: published datasets (one, or a directory that holds several), or the
 * raw rows of any other file.
 */
final class CorpusReader {
  private static final List<Class<? extends Record>> DATASETS =
      List.of(Demonstration.class, PreferencePair.class, Prompt.class);

  private final SparkSession spark;
  private final Datasets datasets;

  CorpusReader(SparkSession spark) {
    this.spark = spark;
    this.datasets = new Datasets(spark, Datasets.OutputFormat.PARQUET);
  }

  JavaRDD<String> lines(String input) {
    List<JavaRDD<String>> published =
        DATASETS.stream().flatMap(record -> published(input, record).stream()).toList();
    return published.stream().reduce(JavaRDD::union).orElseGet(() -> raw(input));
  }

  private <R extends Record> Optional<JavaRDD<String>> published(String input, Class<R> record) {
    String name = DatasetSchema.of(record).name();
    boolean isDataset =
        datasets.manifest(input).filter(found -> found.dataset().equals(name)).isPresent();
    if (!isDataset && !datasets.isPublished(new Path(input, name).toString())) {
      return Optional.empty();
    }
    return Optional.of(datasets.readRows(input, record).toJSON().toJavaRDD());
  }

  private JavaRDD<String> raw(String input) {
    Configuration configuration =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).hadoopConfiguration();
    InputFiles files = new InputFiles(configuration);
    return new RawRows(spark)
        .read(files.find(List.of(input)))
        .filter(row -> !row.isCut())
        .map(row -> new String(row.bytes(), StandardCharsets.UTF_8));
  }
}
