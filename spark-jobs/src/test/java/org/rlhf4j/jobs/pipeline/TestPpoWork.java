package org.rlhf4j.jobs.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.ppo.PpoJob;
import org.rlhf4j.jobs.ppo.PpoLayout;

class TestPpoWork {
  @TempDir private Path directory;
  private PpoJob.Inputs inputs;
  private PpoWork work;

  @BeforeEach
  void writeInputs() throws IOException {
    for (String model : List.of("policy", "reward-model")) {
      Files.createDirectories(directory.resolve(model));
      Files.writeString(directory.resolve(model).resolve("config.json"), model);
    }
    Files.writeString(directory.resolve("prompts.jsonl"), "{\"prompt\": \"a\"}\n");
    inputs = new PpoJob.Inputs(path("policy"), path("reward-model"), path("prompts.jsonl"));
    work = new PpoWork(new Storage(new Configuration()), path("out.ppo"));
  }

  @Test
  void goesOnWithTheSameSettingsAndInputs() {
    work.begin(config("seed=1"), inputs);
    work.begin(config("seed=1"), inputs);
    assertThat(directory.resolve("out.ppo/config.yaml")).content().contains("seed: 1\n");
  }

  @Test
  void aRunWithoutRolloutsMayBeginAnew() {
    work.begin(config("seed=1"), inputs);
    work.begin(config("seed=2"), inputs);
    assertThat(directory.resolve("out.ppo/config.yaml")).content().contains("seed: 2\n");
  }

  @Test
  void otherSettingsAreAMismatch() throws IOException {
    work.begin(config("seed=1"), inputs);
    sample();
    assertMismatch(
        () -> work.begin(config("seed=2"), inputs),
        " was begun with other settings (seed); use those or another run directory");
  }

  @Test
  void otherModelOrPromptsAreAMismatch() throws IOException {
    work.begin(config("seed=1"), inputs);
    sample();
    PpoJob.Inputs swapped =
        new PpoJob.Inputs(path("reward-model"), path("reward-model"), inputs.prompts());
    assertMismatch(
        () -> work.begin(config("seed=1"), swapped),
        " was begun with another --model; use that one or another --output");
    Files.writeString(directory.resolve("prompts.jsonl"), "{\"prompt\": \"b\"}\n");
    assertMismatch(
        () -> work.begin(config("seed=1"), inputs),
        " was begun with another --input; use that one or another --output");
  }

  @Test
  void missingInputLeavesNothingBehind() throws IOException {
    Files.delete(directory.resolve("prompts.jsonl"));
    assertThatThrownBy(() -> work.begin(config("seed=1"), inputs))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("does not exist; check the path");
    assertThat(directory.resolve("out.ppo")).doesNotExist();
  }

  private void sample() throws IOException {
    Files.createDirectories(Path.of(new PpoLayout(path("out.ppo")).rollouts(1)));
  }

  private void assertMismatch(Runnable begin, String message) {
    assertThatThrownBy(begin::run)
        .isInstanceOf(JobException.class)
        .hasMessage(path("out.ppo") + message)
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.RUN_MISMATCH);
  }

  private static RunConfig config(String setting) {
    return RunConfig.format().read(Optional.empty(), List.of(setting));
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }
}
