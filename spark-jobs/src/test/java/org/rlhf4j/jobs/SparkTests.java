package org.rlhf4j.jobs;

import org.apache.spark.sql.SparkSession;

/** The one Spark session that all tests of this module share. */
public final class SparkTests {
  private static final SparkSession SESSION = start();

  private SparkTests() {}

  /** Two threads, no user interface; started on first use and kept to the end of the JVM. */
  public static SparkSession session() {
    return SESSION;
  }

  private static SparkSession start() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("rlhf4j tests")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "localhost")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "3")
        // compiling generated code takes longer than running it over a few rows
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/warehouse")
        .getOrCreate();
  }
}
