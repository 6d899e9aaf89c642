package org.rlhf4j.jobs.pipeline;

import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.RlhfConfig;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.label.JudgeScoreJob;

/** The judge that {@code score.judge} names. */
public final class RewardJudges {
  private RewardJudges() {}

  /** Empty where a reward model scores. */
  public static Optional<JudgeScoreJob> of(
      SparkSession spark, Datasets datasets, RlhfConfig settings) {
    return settings.scoreJudge().isUsed()
        ? Optional.of(
            new JudgeScoreJob(
                spark, datasets, settings.scoreJudge(), settings.label(), settings.score()))
        : Optional.empty();
  }
}
