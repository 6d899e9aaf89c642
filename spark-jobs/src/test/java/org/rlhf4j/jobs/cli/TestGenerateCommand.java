package org.rlhf4j.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;
import org.rlhf4j.jobs.rollout.GenerateJob;
import org.rlhf4j.jobs.rollout.PromptDraw;
import org.rlhf4j.jobs.rollout.RolloutModels;

@Tag("spark")
class TestGenerateCommand {
  private static final long SEED = 0;

  @Test
  void onePromptIsAnsweredAsInADataset(@TempDir Path directory) {
    ToyModels toys = new ToyModels(directory);
    String text = "Say a word:";

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    int code =
        new CommandRunner(stream, stream, new StopSignal())
            .run(
                "generate",
                "--quiet",
                "--model=" + toys.policy(),
                "--prompt=" + text,
                "--set=generation.max-new-tokens=8");

    Rollout rollout = rolloutOf(text, toys, directory.resolve("rollouts").toString());
    assertThat(code).isZero();
    assertThat(rollout.responseTokens()).hasSizeGreaterThan(1);
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith(rollout.response() + "\n");
  }

  private static Rollout rolloutOf(String text, ToyModels toys, String output) {
    SparkSession spark = SparkTests.session();
    Datasets datasets = new Datasets(spark, OutputFormat.PARQUET);
    List<Message> prompt = List.of(Message.text(text));
    GenerationConfig generation = new GenerationConfig(8, 0, 1, 0, 1, false, 1, 16, List.of());
    new GenerateJob(spark, datasets, generation, ScoreConfig.DEFAULTS, DataConfig.DEFAULTS)
        .execute(
            JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(List.of(new PromptDraw(RowIds.promptId(prompt), prompt, 0))),
            RolloutModels.ofPolicy(toys.policy()),
            SEED,
            0,
            output);
    return datasets.read(output, Rollout.class).first();
  }
}
