package org.rlhf4j.jobs.train;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaSparkContext;

/** Kernel threads of a task, so that all tasks together fill the cores and no more. */
final class TaskThreads {
  private static final Pattern LOCAL = Pattern.compile("local\\[(\\d+)[^]]*]");

  private TaskThreads() {}

  /** For tasks of which as many run as there are cores. */
  static int perCore(JavaSparkContext spark) {
    return Math.max(1, spark.getConf().getInt("spark.task.cpus", 1));
  }

  /** For training tasks: a lone worker under a local master has all cores to itself. */
  static int training(JavaSparkContext spark, int workers) {
    if (!spark.isLocal() || workers > 1) {
      return perCore(spark);
    }
    int cores = Runtime.getRuntime().availableProcessors();
    Matcher local = LOCAL.matcher(spark.master());
    if (local.matches()) {
      return Math.min(cores, Integer.parseInt(local.group(1)));
    }
    return spark.master().equals("local") ? 1 : cores;
  }
}
