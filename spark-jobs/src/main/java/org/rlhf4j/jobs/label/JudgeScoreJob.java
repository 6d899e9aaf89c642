package org.rlhf4j.jobs.label;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.JudgeRewardConfig;
import org.rlhf4j.config.LabelConfig;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.model.TaskThreads;
import org.rlhf4j.jobs.rollout.CutTexts;
import org.rlhf4j.jobs.rollout.ScoreJob;
import org.rlhf4j.jobs.rollout.ScoreRequest;

/**
 * Scores responses with a judge in place of a reward model, and publishes {@code scores}: the
 * expected worth of the judge's answer, as in the direct RLAIF of Lee et al. 2023
 * (arXiv:2309.00267), or how often it prefers a response to the others, as in the online AI
 * feedback of Guo et al. 2024 (arXiv:2402.04792).
 */
public final class JudgeScoreJob {
  private final SparkSession spark;
  private final Datasets datasets;
  private final JudgeRewardConfig config;
  private final LabelConfig label;
  private final ScoreConfig score;

  /**
   * @param config names the judge
   * @param label how an endpoint is asked, and what about pairs
   * @param score of responses without an end token
   */
  public JudgeScoreJob(
      SparkSession spark,
      Datasets datasets,
      JudgeRewardConfig config,
      LabelConfig label,
      ScoreConfig score) {
    this.spark = spark;
    this.datasets = datasets;
    this.config = config;
    this.label = label;
    this.score = score;
  }

  /**
   * Scores a published dataset of rollouts.
   *
   * @return what was published; prompts are never cut
   */
  public ScoreJob.Result execute(String rollouts, String output) {
    JavaRDD<ScoreRequest> requests = datasets.read(rollouts, Rollout.class).map(ScoreRequest::of);
    return execute(requests, List.of(rollouts), output);
  }

  /**
   * Scores any responses; an endpoint's answers are kept in {@code output.answers}.
   *
   * @param inputs what the requests were read from
   * @return what was published; prompts are never cut
   */
  public ScoreJob.Result execute(
      JavaRDD<ScoreRequest> requests, List<String> inputs, String output) {
    JudgeFactory factory = factory(output);
    CutTexts cut = CutTexts.of(spark.sparkContext());
    int tasks = factory.mostTasks(requests.getNumPartitions());
    JavaRDD<Score> scores =
        switch (config.by()) {
          case RESPONSE ->
              requests
                  .coalesce(tasks)
                  .mapPartitions(new JudgeResponses(factory, config, score, cut));
          case PAIRS ->
              requests
                  .groupBy(request -> RowIds.promptId(request.prompt()), tasks)
                  .values()
                  .mapPartitions(new JudgeGroups(factory, label, score, cut));
        };
    List<String> sources = new ArrayList<>(inputs);
    sources.add(config.judge());
    long rows = datasets.publish(output, Score.class, scores, "score", sources);
    cut.warn(factory.name(), rows);
    return new ScoreJob.Result(output, rows, cut.prompts().value(), cut.responses().value());
  }

  private JudgeFactory factory(String output) {
    List<String> answers =
        switch (config.by()) {
          case RESPONSE -> config.answers();
          case PAIRS -> label.answers();
        };
    return config.isEndpoint()
        ? HttpFactory.of(
            HttpEndpoint.of(config.judge(), label), answers, label, output + ".answers")
        : new ModelFactory(config.judge(), answers, TaskThreads.of(spark.sparkContext()));
  }
}
