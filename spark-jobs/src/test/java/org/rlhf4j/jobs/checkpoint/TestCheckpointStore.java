package org.rlhf4j.jobs.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.CheckpointStore.Checkpoint;

class TestCheckpointStore {
  @TempDir Path directory;

  private final CheckpointStore store = new CheckpointStore(configuration());

  /** The scheme "far" stands for storage that is not this machine's. */
  private static Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.setClass(
        "fs.far.impl", FarFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
    return configuration;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "file://", "far://host"})
  void publishesFilesAndThenTheManifest(String scheme) throws IOException {
    String kind = scheme + directory.resolve("policy");
    Checkpoint published = store.publish(kind, 7, TestCheckpointStore::writeFiles);
    Path written = directory.resolve("policy/00007");
    assertThat(paths(written))
        .containsExactlyInAnyOrder("manifest.json", "model.bin", "state", "state/step.json");
    assertThat(paths(directory.resolve("policy"))).noneMatch(path -> path.contains("publishing"));
    store.verify(published.directory());
    assertThat(store.latest(kind)).contains(published);
    assertThat(published.step()).isEqualTo(7);

    try (LocalDirectory local =
        LocalDirectory.of(
            published.directory(), name -> !name.equals("model.bin"), configuration())) {
      assertThat(local.path().resolve("state/step.json")).hasContent("{\"step\": 7}");
      boolean copied = scheme.startsWith("far");
      assertThat(local.path().equals(written)).isEqualTo(!copied);
      assertThat(Files.exists(local.path().resolve("model.bin"))).isEqualTo(!copied);
    }
    assertThat(written).isDirectory();
  }

  private static void writeFiles(Path target) throws IOException {
    Files.writeString(target.resolve("model.bin"), "weights");
    Files.createDirectories(target.resolve("state"));
    Files.writeString(target.resolve("state/step.json"), "{\"step\": 7}");
  }

  private static List<String> paths(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(path -> !path.equals(root))
          .map(path -> root.relativize(path).toString())
          .toList();
    }
  }

  @Test
  void fallsBackToTheLastCheckpointThatVerifies() throws IOException {
    String kind = directory.resolve("critic").toString();
    for (long step = 1; step <= 4; step++) {
      store.publish(kind, step, TestCheckpointStore::writeFiles);
    }
    Path truncated = directory.resolve("critic/00004/model.bin");
    Files.writeString(truncated, "weig");
    Path flipped = directory.resolve("critic/00003/model.bin");
    Files.writeString(flipped, "weighTs");
    Path missing = directory.resolve("critic/00002/state/step.json");
    Files.delete(missing);

    assertThat(store.latest(kind)).map(Checkpoint::step).contains(1L);
    assertBroken(kind + "/00004", truncated + " has 4 bytes instead of 7");
    assertBroken(kind + "/00003", flipped + " was altered");
    assertBroken(kind + "/00002", missing + " is missing");
    assertBroken(kind + "/00005", "manifest.json is missing");
    Files.writeString(directory.resolve("critic/00001/manifest.json"), "{\"files\": [null]}");
    assertBroken(kind + "/00001", "is not a manifest");
    assertThat(store.latest(kind)).isEmpty();
  }

  private void assertBroken(String checkpoint, String message) {
    assertThatThrownBy(() -> store.verify(checkpoint))
        .isInstanceOfSatisfying(
            JobException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.STORAGE_FAILED))
        .hasMessageContaining(message);
  }

  @Test
  void leavesNothingPublishedWhenTheWriterFails() {
    String kind = directory.resolve("sft").toString();
    store.publish(kind, 1, TestCheckpointStore::writeFiles);
    assertThatThrownBy(
            () ->
                store.publish(
                    kind,
                    1,
                    target -> {
                      Files.writeString(target.resolve("model.bin"), "half");
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("cannot be published: disk full");
    assertThatThrownBy(() -> store.publish(kind, 2, target -> Files.createDirectory(target)))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("cannot be published: java.nio.file.FileAlreadyExistsException: ");
    store.verify(kind + "/00001");
  }

  /** Every state in which a kill can leave a directory is replaced by the next publication. */
  @ParameterizedTest
  @ValueSource(strings = {"_publishing", "manifest.json"})
  void replacesWhatAKilledWriterLeft(String sign) throws IOException {
    Path output = Files.createDirectories(directory.resolve("output"));
    Files.writeString(output.resolve(sign), "");
    Files.writeString(output.resolve("old.bin"), "left over");
    Path aside = Files.createDirectories(directory.resolve(".output.publishing"));
    Files.writeString(aside.resolve("old.bin"), "half");
    store.publish(output.toString(), TestCheckpointStore::writeFiles);
    assertThat(paths(output)).doesNotContain("old.bin", "_publishing");
    assertThat(aside).doesNotExist();
    store.verify(output.toString());
  }

  @Test
  void keepsTheMarkerUntilTheManifestStands() throws IOException {
    String output = "far://host" + directory.resolve("output");
    FarFileSystem.FAIL_RENAMES.set(true);
    try {
      assertThatThrownBy(() -> store.publish(output, TestCheckpointStore::writeFiles))
          .isInstanceOf(JobException.class)
          .hasMessageContaining("its manifest could not be renamed");
    } finally {
      FarFileSystem.FAIL_RENAMES.set(false);
    }
    assertThat(store.isPublished(output)).isFalse();
    store.publish(output, TestCheckpointStore::writeFiles);
    store.verify(output);
  }

  @Test
  void refusesADirectoryOfForeignFiles() throws IOException {
    Path output = Files.createDirectories(directory.resolve("home"));
    Path precious = Files.writeString(output.resolve("thesis.tex"), "precious");
    assertThatThrownBy(() -> store.publish(output.toString(), TestCheckpointStore::writeFiles))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("holds other files; choose another or empty it");
    assertThat(precious).hasContent("precious");
  }

  @Test
  void keepsTheNewestThatVerify() throws IOException {
    String kind = directory.resolve("policy").toString();
    for (long step = 1; step <= 5; step++) {
      store.publish(kind, step, TestCheckpointStore::writeFiles);
    }
    Files.writeString(directory.resolve("policy/00005/model.bin"), "broken!");
    store.keepNewest(kind, 2);
    assertThat(store.newestFirst(kind)).map(Checkpoint::step).containsExactly(5L, 4L, 3L);
    assertThat(directory.resolve("policy/00002")).doesNotExist();
  }

  @Test
  void findsNoCheckpointWhereThereIsNone() {
    assertThat(store.latest(directory.resolve("none").toString())).isEmpty();
    assertThat(store.isPublished(directory.resolve("none").toString())).isFalse();
  }
}
