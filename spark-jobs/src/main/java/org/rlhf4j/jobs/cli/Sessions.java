package org.rlhf4j.jobs.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.sql.SparkSession;

/** Starts Spark: as spark-submit configured it, or embedded on all cores of this machine. */
final class Sessions {
  private static final String LOCAL_ADDRESS = "127.0.0.1";
  private static final int LOCAL_SHUFFLE_PARTITIONS = 8;

  private Sessions() {}

  static SparkSession start(String name, CommonOptions.Progress progress) {
    SparkConf conf = new SparkConf();
    if (!conf.contains("spark.master")) {
      setLocalDefaults(conf);
    }
    setCommonDefaults(conf, progress);
    return SparkSession.builder().appName(name).config(conf).getOrCreate();
  }

  /** Whether the driver runs inside the cluster, where the process must not exit by itself. */
  static boolean clusterMode() {
    return new SparkConf().get("spark.submit.deployMode", "client").equals("cluster");
  }

  private static void setLocalDefaults(SparkConf conf) {
    conf.set("spark.master", "local[*]")
        .setIfMissing("spark.ui.enabled", "false")
        .setIfMissing("spark.driver.bindAddress", LOCAL_ADDRESS)
        .setIfMissing("spark.driver.host", LOCAL_ADDRESS)
        .setIfMissing("spark.sql.shuffle.partitions", String.valueOf(LOCAL_SHUFFLE_PARTITIONS))
        .setIfMissing("spark.driver.maxResultSize", "0")
        .setIfMissing("spark.sql.warehouse.dir", temporaryDirectory());
  }

  private static void setCommonDefaults(SparkConf conf, CommonOptions.Progress progress) {
    conf.setIfMissing(
            "spark.ui.showConsoleProgress", String.valueOf(progress == CommonOptions.Progress.BAR))
        .setIfMissing("spark.sql.session.timeZone", "UTC")
        .setIfMissing("spark.sql.caseSensitive", "true")
        // Rows travel as records, which Kryo, a common default of clusters, cannot read.
        .set("spark.serializer", JavaSerializer.class.getName())
        // A damaged file must fail the job, not vanish from it.
        .set("spark.sql.files.ignoreCorruptFiles", "false")
        .set("spark.sql.files.ignoreMissingFiles", "false");
  }

  private static String temporaryDirectory() {
    try {
      return Files.createTempDirectory("rlhf4j-warehouse").toUri().toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
