package org.rlhf4j.jobs.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.train.RewardJob;

/** What quality.screening leaves is what the reward model of the same run learns from. */
@Tag("spark")
class TestScreenedTraining {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
  private static final int ITEMS = 40;

  @TempDir private Path directory;

  private final SparkSession spark = SparkTests.session();
  private final Datasets datasets = new Datasets(spark, OutputFormat.JSONL);
  private final Storage storage = new Storage(new Configuration());

  @ParameterizedTest
  @ValueSource(strings = {"weight", "drop"})
  void rewardModelLearnsFromScreenedPreferences(String policy) throws IOException {
    RunDirectory run = new RunDirectory(directory.resolve("run").toString());
    RunConfig config = config(policy);
    List<PreferencePair> pairs = pairs();
    datasets.publish(
        run.dataset("preferences"),
        PreferencePair.class,
        JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(pairs, 2),
        "test",
        List.of());
    Path model = Path.of(run.sftModel());
    Files.createDirectories(model.getParent());
    Path toys = Files.createDirectories(directory.resolve("toys"));
    Files.createSymbolicLink(model, Path.of(new ToyModels(toys).policy()));

    RunState state =
        new PipelineJob(storage, run, config, CLOCK, recorder -> {})
            .execute(() -> stages(config, run));

    Map<String, Object> quality = state.stage("quality").orElseThrow().counts();
    assertThat(quality)
        .containsEntry("screening", policy)
        .containsEntry("preferences_kept", 3L * ITEMS)
        .containsEntry("preferences_dropped", (long) ITEMS); // all of who inverts
    Map<String, Object> reward = state.stage("reward").orElseThrow().counts();
    long training = pairs.stream().filter(p -> p.split() == Split.TRAIN).count();
    assertThat(reward).containsEntry("training_rows", training * 3 / 4);
    RunState recorded = RunRecorder.read(storage, run).orElseThrow();
    assertThat(recorded.stage("quality").orElseThrow().counts()).containsEntry("screening", policy);
    assertThat(recorded.stage("reward").orElseThrow().counts()).containsKey("training_rows");

    String screened = run.dataset("screened/preferences");
    assertThat(reward).containsEntry("loss", loss(config, run, screened, "again"));
    assertThat(loss(config, run, run.dataset("preferences"), "raw"))
        .isNotEqualTo(reward.get("loss"));
  }

  private List<Stage> stages(RunConfig config, RunDirectory run) {
    return List.of(
        new QualityStage(spark, OutputFormat.JSONL, storage, config.rlhf().quality(), run)
            .measureAgreement(),
        new ModelStages(spark, datasets, storage, config, run, stage -> step -> {})
            .fitRewardModel());
  }

  private double loss(RunConfig config, RunDirectory run, String rows, String output) {
    return new RewardJob(spark, config.rlhf().reward(), config.rewardSettings())
        .execute(run.sftModel(), rows, directory.resolve(output).toString())
        .loss();
  }

  private RunConfig config(String policy) throws IOException {
    Path input = Files.writeString(directory.resolve("rows.jsonl"), "{}\n");
    return RunConfig.format()
        .read(
            Optional.empty(),
            List.of(
                "pipeline.input=" + input,
                "quality.screening=" + policy,
                "quality.bootstrap-samples=20",
                "quality.max-iterations=8",
                "reward.max-steps=2",
                "reward.batch-size=8"));
  }

  /** Three good annotators, and one who says the opposite. */
  private static List<PreferencePair> pairs() {
    List<PreferencePair> pairs = new ArrayList<>();
    Random random = new Random(6);
    for (int item = 0; item < ITEMS; item++) {
      for (String annotator : List.of("a", "b", "c", "bad")) {
        boolean isRight = random.nextDouble() < (annotator.equals("bad") ? 0.05 : 0.9);
        pairs.add(
            new PreferencePair(
                item + annotator,
                item + annotator,
                "p" + item,
                item % 5 == 4 ? Split.VALIDATION : Split.TRAIN,
                "s",
                List.of(new Message("text", "say " + item)),
                isRight ? "good" : "poor",
                isRight ? "poor" : "good",
                Optional.empty(),
                1,
                Optional.of(annotator),
                Optional.empty()));
      }
    }

    return pairs;
  }
}
