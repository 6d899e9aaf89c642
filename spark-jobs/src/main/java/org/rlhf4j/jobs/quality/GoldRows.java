package org.rlhf4j.jobs.quality;

import static org.rlhf4j.jobs.JobException.badInput;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.InputFiles;
import org.rlhf4j.jobs.dataset.RawRow;
import org.rlhf4j.jobs.dataset.RawRows;

/** Rows that say what is right, from the paths of {@code quality.gold}. */
final class GoldRows {
  private final SparkSession spark;
  private final JavaSparkContext context;
  private final Datasets datasets;

  GoldRows(SparkSession spark, Datasets datasets) {
    this.spark = spark;
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.datasets = datasets;
  }

  /**
   * @param paths published preferences, whose chosen side is right, ratings, or vote rows, whose
   *     gold is, or else their label
   * @throws org.rlhf4j.jobs.JobException if a row cannot be read
   */
  JavaRDD<Row> read(List<String> paths) {
    JavaRDD<Row> rows = context.emptyRDD();
    for (String path : paths) {
      rows = rows.union(of(path));
    }

    return rows;
  }

  private JavaRDD<Row> of(String path) {
    if (datasets.holds(path, PreferencePair.class)) {
      return datasets.read(path, PreferencePair.class).map(VoteRows::gold);
    }

    return datasets.holds(path, Rating.class)
        ? datasets.read(path, Rating.class).map(VoteRows::gold)
        : votes(path);
  }

  private JavaRDD<Row> votes(String path) {
    JavaRDD<RawRow> raw =
        new RawRows(spark).read(new InputFiles(context.hadoopConfiguration()).find(List.of(path)));
    raw.flatMap(row -> VoteRows.refused(row).iterator())
        .take(1)
        .forEach(
            row -> {
              throw badInput(
                  "%s, row %d, is no vote (%s: %s); correct it or quality.gold.",
                  row.sourceFile(), row.rowNumber(), row.reason(), row.detail());
            });
    return raw.flatMap(row -> VoteRows.gold(row).iterator());
  }
}
