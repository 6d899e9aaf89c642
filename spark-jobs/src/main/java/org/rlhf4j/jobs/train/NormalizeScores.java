package org.rlhf4j.jobs.train;

import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.RewardConfig;
import org.rlhf4j.config.RewardConfig.Normalize;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.hub.ScoreNormalization;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.train.SupervisedTraining.Finish;
import org.rlhf4j.jobs.train.SupervisedTraining.Finished;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.objective.ScalarOffset;
import org.rlhf4j.objective.ScoreMoments;

/**
 * Brings the scores of a finished reward model to mean 0 over reference responses (Stiennon et al.
 * 2020, arXiv:2009.01325, section 3.4; Ouyang et al. 2022, arXiv:2203.02155, section 3.5), and to
 * variance 1 where asked for (Ziegler et al. 2019, arXiv:1909.08593, section 2.1). Mean and
 * variance are of all reference responses, weighted, summed in one order.
 */
final class NormalizeScores implements Finish {
  private final SparkSession spark;
  private final RewardConfig config;
  private final TrainingSettings settings;
  private final String modelDirectory;

  private NormalizeScores(
      SparkSession spark, RewardConfig config, TrainingSettings settings, String modelDirectory) {
    this.spark = spark;
    this.config = config;
    this.settings = settings;
    this.modelDirectory = modelDirectory;
  }

  /**
   * What {@code reward.normalize} asks for.
   *
   * @param modelDirectory with the tokenizer
   */
  static Finish of(
      SparkSession spark, RewardConfig config, TrainingSettings settings, String modelDirectory) {
    return config.normalize() == Normalize.NONE
        ? SupervisedTraining.AS_TRAINED
        : new NormalizeScores(spark, config, settings, modelDirectory);
  }

  @Override
  public Finished after(Learner learner, TrainingRows rows, double offset) {
    int contextLength = learner.model().config().contextLength();
    Map<String, Double> moments =
        learner.evaluate(
            references(rows, contextLength).map(NormalizeScores::reference),
            ScalarOffset.of(new ScoreMoments(), offset));
    ScoreNormalization normalization = normalization(moments, offset);
    return new Finished(
        moments,
        (tokenizer, directory) -> learner.saveModel(tokenizer, directory, normalization::fold),
        normalization.offset(learner.model()));
  }

  /** Of scalars, from the moments of scores. */
  private ScoreNormalization normalization(Map<String, Double> moments, double offset) {
    if (moments.isEmpty()) {
      throw JobException.badInput(
          "%s has no training row within the length limits to normalise the scores with; check"
              + " reward.normalize-input",
          config.normalizeInput());
    }
    double mean = moments.get(Metric.REFERENCE_MEAN.key());
    double deviation = moments.get(Metric.REFERENCE_DEVIATION.key());
    if (!(deviation > 0)) {
      throw new JobException(
          ExitCode.GATE_FAILED,
          String.format(
              "The reward model gives all reference responses the score %s, which no normalisation"
                  + " can spread; check its metrics, or set reward.normalize to none",
              mean));
    }
    return new ScoreNormalization(
        mean - offset, config.normalize() == Normalize.MEAN_AND_VARIANCE ? deviation : 1);
  }

  /** Each with a reference response as its first sequence. */
  private JavaRDD<TrainingExample> references(TrainingRows rows, int contextLength) {
    String input = config.normalizeInput();
    if (input.isEmpty()) {
      return rows.examples(Split.TRAIN);
    }
    ResponseEncoder encoder =
        new ResponseEncoder(SequenceLimits.of(settings.data(), contextLength));
    return TrainingRows.examples(
        ResponseRows.encode(spark, input, encoder, modelDirectory), Split.TRAIN);
  }

  /** The first sequence, which of a pair is the chosen and of a ranking the best one. */
  private static TrainingExample reference(TrainingExample example) {
    TrainingExample.Sequence first = example.sequences().get(0);
    int[] lastToken = {first.tokens().length - 1};
    float[][] weight = {{first.channels()[0][0]}};
    return new TrainingExample(
        example.id(), List.of(new TrainingExample.Sequence(first.tokens(), lastToken, weight)));
  }
}
