package org.rlhf4j.jobs.label;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.config.LabelConfig;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.raw.SplitRule;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.model.TaskThreads;
import org.rlhf4j.jobs.rollout.PlainInput;
import org.rlhf4j.jobs.train.InputKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares responses with a judge and publishes {@code preferences}. */
public final class LabelJob {
  private static final Logger LOG = LoggerFactory.getLogger(LabelJob.class);

  private final SparkSession spark;
  private final Datasets datasets;
  private final LabelConfig config;
  private final SplitRule split;

  /**
   * What was labelled; {@code comparisons = pairs + ties + tooLong}.
   *
   * @param output the dataset
   * @param comparisons that the input holds
   * @param pairs published
   * @param ties on which the judge has no opinion, or a weaker one than {@code
   *     label.least-confidence}
   * @param tooLong for the judge, whose context holds no character of the responses
   * @param cutResponses of the comparisons' responses, two each, that the judge has read without
   *     their end
   */
  public record Result(
      String output, long comparisons, long pairs, long ties, long tooLong, long cutResponses) {}

  /**
   * @param split of prompts that come without one
   */
  public LabelJob(SparkSession spark, Datasets datasets, LabelConfig config, SplitRule split) {
    this.spark = spark;
    this.datasets = datasets;
    this.config = config;
    this.split = split;
  }

  /**
   * Asks a language model.
   *
   * @param judge model directory
   * @param input rollouts, JSON lines with rollout_id, prompt and response, or preferences
   * @param output dataset to publish
   * @throws JobException if the input has no two responses to one prompt
   */
  public Result execute(String judge, String input, String output) {
    int threads = TaskThreads.of(spark.sparkContext());
    return execute(new ModelFactory(judge, config.answers(), threads), input, output);
  }

  /**
   * Asks a chat-completions endpoint.
   *
   * @param endpoint where, and with which key
   * @param input as with a model
   * @param output dataset to publish; answers are kept in {@code output.answers}
   */
  public Result execute(HttpEndpoint endpoint, String input, String output) {
    HttpFactory factory = HttpFactory.of(endpoint, config.answers(), config, output + ".answers");
    return execute(factory, input, output);
  }

  private Result execute(JudgeFactory factory, String input, String output) {
    String template = Question.template(config);
    JavaRDD<Verdict> verdicts =
        comparisons(input)
            .coalesce(factory.mostTasks(spark.sparkContext().defaultParallelism()))
            .mapPartitions(new JudgeComparisons(factory, template))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      long comparisons = verdicts.count();
      if (comparisons == 0) {
        throw JobException.badInput(
            "Input %s has no two responses to one prompt; generate several with"
                + " generation.samples-per-prompt",
            input);
      }
      long tooLong = verdicts.filter(Verdict::isTooLong).count();
      long cut = verdicts.flatMap(verdict -> verdict.cutResponses().iterator()).count();
      double leastConfidence = config.leastConfidence();
      String name = factory.name();
      JavaRDD<PreferencePair> pairs =
          verdicts
              .filter(verdict -> verdict.isDecided(leastConfidence))
              .map(verdict -> verdict.comparison().labelled(verdict.firstProbability(), name));
      long published =
          datasets.publish(output, PreferencePair.class, pairs, "label", List.of(input, name));
      long ties = comparisons - published - tooLong;
      warn(cut, 2 * (comparisons - tooLong), name);
      warnOfTooLong(tooLong, comparisons, name);
      return new Result(output, comparisons, published, ties, tooLong, cut);
    } finally {
      verdicts.unpersist();
    }
  }

  private static void warn(long cut, long compared, String judge) {
    if (cut > 0) {
      LOG.warn(
          "{} of {} responses in comparisons do not fit into the context of {} and were judged"
              + " without their end",
          cut,
          compared,
          judge);
    }
  }

  private static void warnOfTooLong(long tooLong, long comparisons, String judge) {
    if (tooLong > 0) {
      LOG.warn(
          "{} of {} comparisons were left out: {} cannot hold their prompts",
          tooLong,
          comparisons,
          judge);
    }
  }

  private JavaRDD<Comparison> comparisons(String input) {
    if (InputKind.isPreferences(spark, datasets, input)) {
      return Comparisons.ofPairs(datasets.read(input, PreferencePair.class));
    }
    return Comparisons.ofResponses(new PlainInput(spark, datasets).scoreRequests(input), split);
  }
}
