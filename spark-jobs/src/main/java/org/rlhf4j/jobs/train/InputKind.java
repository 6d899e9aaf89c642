package org.rlhf4j.jobs.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Manifest;

/** Tells demonstrations from preferences. */
final class InputKind {
  private static final String DEMONSTRATIONS = "demonstrations";
  private static final String PREFERENCES = "preferences";
  private static final ObjectMapper JSON = new ObjectMapper();

  private InputKind() {}

  /**
   * Whether the input is a {@code preferences} dataset. A directory that holds both datasets under
   * their names counts as demonstrations.
   */
  static boolean isPreferences(SparkSession spark, Datasets datasets, String input) {
    if (datasets.isPublished(input)) {
      return datasets.manifest(input).map(Manifest::dataset).orElseThrow().equals(PREFERENCES);
    }
    if (datasets.isPublished(input + "/" + DEMONSTRATIONS)) {
      return false;
    }
    return datasets.isPublished(input + "/" + PREFERENCES) || holdsPairs(spark, input);
  }

  /** Looks at the first row of plain files; unreadable ones are left to the dataset's reader. */
  private static boolean holdsPairs(SparkSession spark, String input) {
    if (input.endsWith(".parquet")) {
      return Arrays.asList(spark.read().parquet(input).columns()).contains("chosen");
    }
    try {
      return spark.read().textFile(input).takeAsList(1).stream().anyMatch(InputKind::isPair);
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static boolean isPair(String line) {
    try {
      return JSON.readTree(line).has("chosen");
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
