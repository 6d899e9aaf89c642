package org.rlhf4j.jobs.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.EnsembleConfig;
import org.rlhf4j.config.EnsembleConfig.Rule;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.hub.ScoreNormalization;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;

@Tag("spark")
class TestEnsembleScores {
  private static final double FLOAT_SUMS = 1e-5;
  private static final SparkSession SPARK = SparkTests.session();
  private static final Datasets DATASETS = new Datasets(SPARK, OutputFormat.PARQUET);

  @TempDir private Path directory;

  /** The other member says twice what the first says: it is folded to half the deviation. */
  @Test
  void membersThatDisagreeLowerTheScore() {
    ToyModels toys = new ToyModels(directory);
    Path other = directory.resolve("other");
    ModelDirectory.save(
        new ScoreNormalization(0, 0.5).fold(ModelDirectory.load(Path.of(toys.reward()))),
        Path.of(toys.tokenizer()),
        other);
    ScoreConfig config = new ScoreConfig(ScoreConfig.MissingEnd.PENALTY, 1);
    EnsembleConfig ensemble =
        new EnsembleConfig(List.of(other.toString()), Rule.MEAN_MINUS_DEVIATION, 1);
    Map<String, Score> alone = scores(new ScoreJob(SPARK, DATASETS, config), toys, "alone");
    Map<String, Score> together =
        scores(new ScoreJob(SPARK, DATASETS, config, ensemble), toys, "together");

    assertThat(together).hasSameSizeAs(alone);
    together.forEach(
        (id, score) -> {
          double first = alone.get(id).rawScore();
          assertThat(score.deviation().orElseThrow())
              .isCloseTo(Math.abs(first) / 2, within(FLOAT_SUMS));
          assertThat(score.rawScore())
              .isCloseTo(1.5 * first - Math.abs(first) / 2, within(FLOAT_SUMS));
          double penalty = id.equals("r3") ? 1 : 0;
          assertThat(score.score()).isCloseTo(score.rawScore() - penalty, within(FLOAT_SUMS));
          assertThat(score.penalty()).isEqualTo(alone.get(id).penalty());
          assertThat(alone.get(id).deviation()).isEmpty();
        });
  }

  /** What members say stays on disk, for a stopped run to go on from, but not for other rows. */
  @Test
  void otherResponsesAreScoredAnew() {
    ToyModels toys = new ToyModels(directory);
    ScoreConfig config = new ScoreConfig(ScoreConfig.MissingEnd.NONE, 0);
    EnsembleConfig ensemble =
        new EnsembleConfig(List.of(toys.reward()), Rule.MEAN, 0); // the same model twice
    ScoreJob job = new ScoreJob(SPARK, DATASETS, config, ensemble);
    ScoreJob alone = new ScoreJob(SPARK, DATASETS, config);
    scores(job, toys, "together", 0, "test");
    assertThat(raw(scores(job, toys, "together", 1, "test")))
        .isEqualTo(raw(scores(alone, toys, "one", 1, "test")));
    DATASETS.unpublish(directory.resolve("together").toString());
    assertThat(raw(scores(job, toys, "together", 2, "others")))
        .isEqualTo(raw(scores(alone, toys, "two", 2, "others")));
  }

  private static Map<String, Double> raw(Map<String, Score> scores) {
    return scores.values().stream().collect(Collectors.toMap(Score::rolloutId, Score::rawScore));
  }

  private Map<String, Score> scores(ScoreJob job, ToyModels toys, String name) {
    return scores(job, toys, name, 0, "test");
  }

  private Map<String, Score> scores(
      ScoreJob job, ToyModels toys, String name, int first, String source) {
    List<ScoreRequest> requests = new ArrayList<>();
    for (int i = first; i < first + 6; i++) {
      requests.add(
          new ScoreRequest(
              "r" + i,
              List.of(Message.text("say " + i)),
              "ab\n\n".substring(i % 3),
              i == 3 ? FinishReason.LENGTH : FinishReason.STOP));
    }
    JavaRDD<ScoreRequest> rows =
        JavaSparkContext.fromSparkContext(SPARK.sparkContext()).parallelize(requests, 2);
    String output = directory.resolve(name).toString();
    job.execute(rows, List.of(source), toys.reward(), output);
    return DATASETS.read(output, Score.class).collect().stream()
        .collect(Collectors.toMap(Score::rolloutId, score -> score));
  }
}
