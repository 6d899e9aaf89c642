package org.rlhf4j.jobs.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.InputFile;
import org.rlhf4j.jobs.dataset.InputFiles;
import org.rlhf4j.jobs.dataset.Manifest;
import org.rlhf4j.jobs.dataset.RawRow;
import org.rlhf4j.jobs.dataset.RawRows;

/** Tells demonstrations, preferences and ratings apart. */
public final class InputKind {
  private static final String DEMONSTRATIONS = "demonstrations";
  private static final String PREFERENCES = "preferences";
  private static final String RATINGS = "ratings";
  private static final ObjectMapper JSON = new ObjectMapper();

  private InputKind() {}

  /**
   * Whether the input is a {@code preferences} dataset. A directory that holds both datasets under
   * their names counts as demonstrations.
   */
  public static boolean isPreferences(SparkSession spark, Datasets datasets, String input) {
    if (datasets.isPublished(input)) {
      return datasets.manifest(input).map(Manifest::dataset).orElseThrow().equals(PREFERENCES);
    }
    if (datasets.isPublished(input + "/" + DEMONSTRATIONS)) {
      return false;
    }
    return datasets.isPublished(input + "/" + PREFERENCES) || firstRowHas("chosen", spark, input);
  }

  /**
   * Whether the input is a {@code ratings} dataset. A directory that holds preferences too, under
   * their name, counts as preferences.
   */
  static boolean isRatings(SparkSession spark, Datasets datasets, String input) {
    if (datasets.isPublished(input)) {
      return datasets.manifest(input).map(Manifest::dataset).orElseThrow().equals(RATINGS);
    }
    if (datasets.isPublished(input + "/" + PREFERENCES)) {
      return false;
    }
    return datasets.isPublished(input + "/" + RATINGS) || firstRowHas("rating", spark, input);
  }

  /** Looks at the first row of plain files. */
  private static boolean firstRowHas(String field, SparkSession spark, String input) {
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    List<InputFile> files = new InputFiles(configuration).select(List.of(input)).files();
    return new RawRows(spark).first(files).stream().anyMatch(row -> has(field, row));
  }

  /** A row that is no JSON is left to the dataset's reader. */
  private static boolean has(String field, RawRow row) {
    try {
      return JSON.readTree(row.bytes()).hasNonNull(field);
    } catch (IOException e) {
      return false;
    }
  }
}
