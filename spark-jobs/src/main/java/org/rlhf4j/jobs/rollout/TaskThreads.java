package org.rlhf4j.jobs.rollout;

import org.apache.spark.sql.SparkSession;

/** Kernel threads of one Spark task. */
public final class TaskThreads {
  private TaskThreads() {}

  /** As many as the scheduler sets aside for a task ({@code spark.task.cpus}). */
  public static int of(SparkSession spark) {
    return Math.max(1, spark.sparkContext().conf().getInt("spark.task.cpus", 1));
  }
}
