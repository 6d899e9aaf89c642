package org.rlhf4j.jobs.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;

/** Kernel threads of a Spark task, so that all tasks together fill the cores and no more. */
public final class TaskThreads {
  private static final Pattern LOCAL = Pattern.compile("local\\[(\\d+)[^]]*]");

  private TaskThreads() {}

  /** As many as the scheduler sets aside for a task ({@code spark.task.cpus}). */
  public static int of(SparkContext spark) {
    return Math.max(1, spark.conf().getInt("spark.task.cpus", 1));
  }

  /** For training tasks: a lone worker under a local master has all cores to itself. */
  public static int training(SparkContext spark, int workers) {
    if (!spark.isLocal() || workers > 1) {
      return of(spark);
    }
    int cores = Runtime.getRuntime().availableProcessors();
    Matcher local = LOCAL.matcher(spark.master());
    if (local.matches()) {
      return Math.min(cores, Integer.parseInt(local.group(1)));
    }
    return spark.master().equals("local") ? 1 : cores;
  }
}
