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
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.train.DpoJob;
import org.rlhf4j.metrics.Metric;

@Tag("spark")
class TestPipelineStages {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
  private static final int PAIRS = 30;

  @TempDir private Path directory;

  private final SparkSession spark = SparkTests.session();
  private final Datasets datasets = new Datasets(spark, OutputFormat.JSONL);
  private final Storage storage = new Storage(new Configuration());

  @Test
  void aJudgeAndTheWayOfTuningAreStages() throws IOException {
    assertThat(names(config())).containsSubsequence("quality", "tokenizer", "reward", "ppo");
    assertThat(names(config())).doesNotContain("label", "dpo");
    assertThat(names(config("pipeline.judge=/judge", "pipeline.tuning=dpo")))
        .containsSubsequence("quality", "label", "sft", "reward", "dpo", "evaluate")
        .doesNotContain("ppo");
  }

  @Test
  void thePolicyLearnsFromWhatTheJudgeSays() throws IOException {
    String judge = new ToyModels(Files.createDirectories(directory.resolve("toys"))).policy();
    RunDirectory run = new RunDirectory(directory.resolve("run").toString());
    publishPreferences(run);
    Path model = Path.of(run.sftModel());
    Files.createDirectories(model.getParent());
    Files.createSymbolicLink(model, Path.of(judge));
    RunConfig config = config("pipeline.judge=" + judge, "pipeline.tuning=dpo");

    RunState state =
        new PipelineJob(storage, run, config, CLOCK, recorder -> {})
            .execute(() -> stages(config, run));

    List<PreferencePair> labelled =
        datasets.read(run.dataset(RunDirectory.LABELLED), PreferencePair.class).collect();
    Map<String, Object> label = state.stage("label").orElseThrow().counts();
    assertThat(label)
        .containsEntry("comparisons", (long) PAIRS)
        .containsEntry("pairs", (long) labelled.size())
        .containsEntry("cut_responses", 0L);
    assertThat(labelled)
        .isNotEmpty()
        .allSatisfy(pair -> assertThat(pair.annotator()).isNotEqualTo(Optional.of("human")));
    Map<String, Object> dpo = state.stage("dpo").orElseThrow().counts();
    assertThat(dpo).containsEntry("steps", 2L);
    assertThat(Path.of(run.policy(), "model.safetensors")).isRegularFile();
    assertThat(Path.of(run.metrics(), "dpo.jsonl")).isRegularFile();
    String again = directory.resolve("again").toString();
    DpoJob.Result alone =
        new DpoJob(spark, config.rlhf().dpo(), config.dpoSettings())
            .execute(run.sftModel(), run.dataset(RunDirectory.LABELLED), again);
    assertThat(dpo).containsEntry("loss", alone.lastStep().get(Metric.LOSS.key()));

    for (Stage stage : stages(config, run)) {
      assertThat(stage.published().getAsBoolean()).as(stage.name()).isTrue();
    }
  }

  private List<Stage> stages(RunConfig config, RunDirectory run) {
    return List.of(
        new LabelStage(spark, datasets, config, run).label(),
        new ModelStages(spark, datasets, storage, config, run, stage -> step -> {})
            .fitPreferences());
  }

  private List<String> names(RunConfig config) {
    RunDirectory run = new RunDirectory(directory.resolve("names").toString());
    return PipelineStages.of(spark, OutputFormat.JSONL, storage, config, run, stage -> step -> {})
        .stream()
        .map(Stage::name)
        .toList();
  }

  private RunConfig config(String... settings) throws IOException {
    Path input = Files.writeString(directory.resolve("rows.jsonl"), "{}\n");
    List<String> all =
        new ArrayList<>(
            List.of(
                "pipeline.input=" + input,
                "dpo.max-steps=2",
                "dpo.batch-size=8",
                "label.template={prompt}{first}{second}",
                "label.answers=0,1"));
    all.addAll(List.of(settings));
    return RunConfig.format().read(Optional.empty(), all);
  }

  private void publishPreferences(RunDirectory run) {
    List<PreferencePair> pairs =
        IntStream.range(0, PAIRS)
            .mapToObj(
                i ->
                    new PreferencePair(
                        "id" + i,
                        "id" + i,
                        "p" + i,
                        i % 5 == 4 ? Split.VALIDATION : Split.TRAIN,
                        "s",
                        List.of(new Message("text", "say " + i)),
                        "good " + i,
                        "poor",
                        Optional.empty(),
                        1,
                        Optional.of("human"),
                        Optional.empty()))
            .toList();
    datasets.publish(
        run.dataset("preferences"),
        PreferencePair.class,
        JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(pairs, 2),
        "test",
        List.of());
  }
}
