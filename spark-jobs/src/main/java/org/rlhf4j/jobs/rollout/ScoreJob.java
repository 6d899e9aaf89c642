package org.rlhf4j.jobs.rollout;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.TaskCompletionListener;
import org.rlhf4j.config.EnsembleConfig;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.model.TaskThreads;

/** Scores responses with a reward model and publishes {@code scores}. */
public final class ScoreJob {
  /** Responses that a task holds in memory at a time. */
  private static final int CHUNK = 512;

  private final SparkSession spark;
  private final Datasets datasets;
  private final ScoreConfig config;
  private final EnsembleConfig ensemble;

  /**
   * @param scores published rows, one for each response
   * @param cutPrompts how many of their prompts were read without their start
   * @param cutResponses how many of the responses were read without their end
   */
  public record Result(String output, long scores, long cutPrompts, long cutResponses) {}

  /** With one reward model. */
  public ScoreJob(SparkSession spark, Datasets datasets, ScoreConfig config) {
    this(spark, datasets, config, EnsembleConfig.DEFAULTS);
  }

  /**
   * @param ensemble reward models beside the one that {@code execute} is given
   */
  public ScoreJob(
      SparkSession spark, Datasets datasets, ScoreConfig config, EnsembleConfig ensemble) {
    this.spark = spark;
    this.datasets = datasets;
    this.config = config;
    this.ensemble = ensemble;
  }

  /**
   * Scores a published dataset of rollouts.
   *
   * @param rewardModel model directory with a scalar head
   */
  public Result execute(String rollouts, String rewardModel, String output) {
    JavaRDD<ScoreRequest> requests = datasets.read(rollouts, Rollout.class).map(ScoreRequest::of);
    return execute(requests, List.of(rollouts, rewardModel), rewardModel, output);
  }

  /**
   * Scores any responses. The members of an ensemble follow one another, so that a JVM holds one of
   * them at a time, shared by its tasks; what each says stays under {@code output.members}.
   *
   * @param inputs what the requests were read from
   */
  public Result execute(
      JavaRDD<ScoreRequest> requests, List<String> inputs, String rewardModel, String output) {
    if (!ensemble.isUsed()) {
      return scoreWith(requests, inputs, rewardModel, output);
    }
    if (datasets.isPublished(output)) {
      forgetMembers(rewardModel, output); // they are of the rows of a run that ended
    }
    List<String> members = new ArrayList<>();
    long cutPrompts = 0;
    long cutResponses = 0;
    for (String model : ensemble.members(rewardModel)) {
      String member = member(output, members.size());
      members.add(member);
      List<String> sources = new ArrayList<>(inputs);
      sources.add(model);
      if (!isMadeFrom(member, sources)) {
        Result said = scoreWith(requests, sources, model, member);
        cutPrompts += said.cutPrompts();
        cutResponses += said.cutResponses();
      }
    }
    List<String> sources = new ArrayList<>(inputs);
    sources.addAll(ensemble.others());
    JavaRDD<Score> scores = new EnsembleScores(config, ensemble).of(datasets, members);
    long rows = datasets.publish(output, Score.class, scores, "score", sources);
    return new Result(output, rows, cutPrompts, cutResponses);
  }

  /**
   * Takes back what the members of an ensemble said in a run that was stopped, which is no use
   * where the responses are others.
   */
  public void forgetMembers(String rewardModel, String output) {
    for (int i = 0; i < ensemble.members(rewardModel).size(); i++) {
      datasets.unpublish(member(output, i));
    }
  }

  private static String member(String output, int place) {
    return output + ".members/" + place;
  }

  private boolean isMadeFrom(String member, List<String> sources) {
    return datasets.manifest(member).filter(made -> made.inputs().equals(sources)).isPresent();
  }

  private Result scoreWith(
      JavaRDD<ScoreRequest> requests, List<String> inputs, String rewardModel, String output) {
    CutTexts cut = CutTexts.of(spark.sparkContext());
    ScoreResponses task =
        new ScoreResponses(rewardModel, config, TaskThreads.of(spark.sparkContext()), cut);
    JavaRDD<Score> scores = requests.mapPartitions(task);
    long rows = datasets.publish(output, Score.class, scores, "score", inputs);
    cut.warn(rewardModel, rows);
    return new Result(output, rows, cut.prompts().value(), cut.responses().value());
  }

  /** One task. */
  private record ScoreResponses(String rewardModel, ScoreConfig config, int threads, CutTexts cut)
      implements FlatMapFunction<Iterator<ScoreRequest>, Score> {
    @Override
    public Iterator<Score> call(Iterator<ScoreRequest> requests) {
      if (!requests.hasNext()) {
        return Collections.emptyIterator();
      }
      ResponseScorer scorer = new ResponseScorer(rewardModel, config, threads, cut);
      TaskCompletionListener close = context -> scorer.close();
      TaskContext.get().addTaskCompletionListener(close);
      return new ChunkedIterator<>(requests, CHUNK, scorer::score);
    }
  }
}
