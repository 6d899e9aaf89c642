package org.rlhf4j.jobs.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.pipeline.RunState.Status;

class TestPipelineJob {
  /** More than 2 MiB. */
  private static final int LARGE_ROWS = 200_000;

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

  @TempDir private Path directory;
  private final Storage storage = new Storage(new Configuration());
  private final Set<String> published = new HashSet<>();
  private final List<String> ran = new ArrayList<>();
  private Path input;
  private RunDirectory run;

  @BeforeEach
  void writeInput() throws IOException {
    input = Files.writeString(directory.resolve("rows.jsonl"), "{}\n");
    run = new RunDirectory(directory.resolve("run").toString());
  }

  @Test
  void runsStagesInOrderAndRecordsThem() {
    RunState state = execute("seed=1", stage("prepare"), stage("sft"));
    assertThat(ran).containsExactly("prepare", "sft");
    assertThat(state.status()).isEqualTo(Status.DONE);
    assertThat(state.exitCode()).contains(0);
    assertThat(recorded()).contains(state);
    assertThat(state.stage("sft").orElseThrow().counts()).containsEntry("rows", 3);
    assertThat(directory.resolve("run/config.yaml")).content().contains("seed: 1\n");
  }

  @Test
  void finishedRunDoesNothing() {
    execute("seed=1", stage("prepare"));
    published.clear();
    assertThat(execute("seed=1", stage("prepare")).exitCode()).contains(0);
    assertThat(ran).containsExactly("prepare");
  }

  @Test
  void finishedRunStartsNoSpark() {
    execute("seed=1", stage("prepare"));
    PipelineRun again =
        new PipelineRun(
            () -> {
              throw new IllegalStateException("Spark is asked for");
            },
            Datasets.OutputFormat.PARQUET,
            config("seed=1"),
            stage -> step -> {},
            recorder -> {});
    assertThat(again.execute(run).status()).isEqualTo(Status.DONE);
  }

  @Test
  void failedRunContinuesAfterThePublishedStages() {
    assertThatThrownBy(() -> execute("seed=1", stage("prepare"), failing("sft")))
        .isInstanceOf(JobException.class);
    RunState failed = recorded().orElseThrow();
    assertThat(failed.status()).isEqualTo(Status.FAILED);
    assertThat(failed.exitCode()).contains(4);
    assertThat(failed.message()).isEqualTo("The loss diverged");
    assertThat(failed.stage("sft").orElseThrow().status()).isEqualTo(Status.FAILED);

    RunState state = execute("seed=1", stage("prepare"), stage("sft"));
    assertThat(ran).containsExactly("prepare", "sft");
    assertThat(state.status()).isEqualTo(Status.DONE);
    assertThat(state.stage("prepare").orElseThrow().counts()).containsEntry("rows", 3);
  }

  @Test
  void stopBySignalIsRecordedOnce() {
    PipelineJob job = job("seed=1", recorder -> recorder.stopped());
    assertThatThrownBy(() -> job.execute(() -> List.of(failing("sft"))))
        .isInstanceOf(JobException.class);
    assertThat(recorded().orElseThrow().status()).isEqualTo(Status.STOPPED);
    assertThat(recorded().orElseThrow().exitCode()).contains(143);
  }

  @Test
  void otherSettingsAreAMismatch() {
    execute("seed=1", stage("prepare"));
    assertThatThrownBy(() -> execute("seed=2", stage("prepare")))
        .isInstanceOf(JobException.class)
        .hasMessage(
            run.root()
                + " was begun with other settings (seed); use those or another run directory")
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.RUN_MISMATCH);
  }

  @Test
  void otherInputIsAMismatch() throws IOException {
    execute("seed=1", stage("prepare"));
    Files.writeString(input, "[]\n");
    assertThatThrownBy(() -> execute("seed=1", stage("prepare")))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("was begun with other input")
        .asInstanceOf(InstanceOfAssertFactories.type(JobException.class))
        .extracting(JobException::exitCode)
        .isEqualTo(ExitCode.RUN_MISMATCH);
  }

  @Test
  void aChangeInTheMiddleOfALargeInputIsAMismatch() throws IOException {
    byte[] rows = "{\"prompt\": \"a\"}\n".repeat(LARGE_ROWS).getBytes(StandardCharsets.UTF_8);
    Files.write(input, rows);
    FileTime time = Files.getLastModifiedTime(input);
    execute("seed=1", stage("prepare"));

    rows[rows.length / 2]++;
    Files.write(input, rows);
    Files.setLastModifiedTime(input, time);

    assertThatThrownBy(() -> execute("seed=1", stage("prepare")))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("was begun with other input");
  }

  @Test
  void emptyInputLeavesNothingBehind() throws IOException {
    Files.writeString(input, "");
    assertThatThrownBy(() -> execute("seed=1", stage("prepare")))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("is empty; give a file with rows");
    assertThat(directory.resolve("run")).doesNotExist();
  }

  @Test
  void missingInputLeavesNothingBehind() throws IOException {
    Files.delete(input);
    assertThatThrownBy(() -> execute("seed=1", stage("prepare")))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("does not exist; check the path");
    assertThat(directory.resolve("run")).doesNotExist();
  }

  @Test
  void secondRunOfTheSameDirectoryIsLockedOut() {
    Stage nested =
        new Stage(
            "nested",
            () -> false,
            () -> {
              execute("seed=1", stage("prepare"));
              return Map.of();
            });
    assertThatThrownBy(() -> execute("seed=1", nested))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("Run is locked by process " + ProcessHandle.current().pid())
        .asInstanceOf(InstanceOfAssertFactories.type(JobException.class))
        .extracting(JobException::exitCode)
        .isEqualTo(ExitCode.LOCKED);
    assertThat(RunLock.isHeld(run.root())).isFalse();
  }

  private RunState execute(String setting, Stage... stages) {
    return job(setting, recorder -> {}).execute(() -> List.of(stages));
  }

  private PipelineJob job(String setting, Consumer<RunRecorder> whileRunning) {
    return new PipelineJob(storage, run, config(setting), CLOCK, whileRunning);
  }

  private RunConfig config(String setting) {
    return RunConfig.format().read(Optional.empty(), List.of(setting, "pipeline.input=" + input));
  }

  private Optional<RunState> recorded() {
    return RunRecorder.read(storage, run);
  }

  private Stage stage(String name) {
    return new Stage(
        name,
        () -> published.contains(name),
        () -> {
          ran.add(name);
          published.add(name);
          return Map.of("rows", 3);
        });
  }

  private static Stage failing(String name) {
    return new Stage(
        name,
        () -> false,
        () -> {
          throw new JobException(ExitCode.GATE_FAILED, "The loss diverged");
        });
  }
}
