package org.rlhf4j.jobs.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;

class TestLocalRunLock {
  @TempDir private Path directory;

  @Test
  void outputIsHeldUntilClosedAndLeavesNothing() throws IOException {
    String output = directory.resolve("new/folder/output").toString();
    RunLock held = RunLock.ofOutput(output);
    assertThatThrownBy(() -> RunLock.ofOutput(output + "/"))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith(
            "Output " + output + "/ is locked by process " + ProcessHandle.current().pid() + " on ")
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.LOCKED);
    assertThat(directory.resolve("new/folder/.output.lock")).exists();

    held.close();
    assertThat(directory).isEmptyDirectory();
    RunLock.ofOutput(output).close();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void whatWasWrittenMeanwhileStays() throws IOException {
    Path output = directory.resolve("new/output");
    try (RunLock held = RunLock.ofOutput(output.toString())) {
      assertThat(held).isNotNull();
      Files.createDirectories(output);
    }
    assertThat(directory.resolve("new")).isDirectoryContaining("glob:**/output");
    assertThat(directory.resolve("new/.output.lock")).doesNotExist();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFolderThatTakesNoFilesIsAFailure() {
    assertThatThrownBy(() -> RunLock.ofOutput("/proc/output"))
        .isInstanceOf(JobException.class)
        .extracting(e -> ((JobException) e).exitCode())
        .isEqualTo(ExitCode.STORAGE_FAILED);
  }

  @Test
  void lockOfAnotherProcessIsSeenAndEndsWithIt() throws Exception {
    String run = directory.resolve("run").toString();
    Process other =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Holder.class.getName(),
                    run))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (InputStream ready = other.getInputStream()) {
      assertThat(ready.read()).isEqualTo('h');
      assertThat(RunLock.isHeld(run)).isTrue();
      assertThatThrownBy(() -> RunLock.take(run))
          .isInstanceOf(JobException.class)
          .hasMessageContaining("Run is locked by process " + other.pid());
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertThat(RunLock.isHeld(run)).isFalse();
    RunLock.take(run).close();
  }

  /** Holds a lock until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      RunLock lock = RunLock.take(arguments[0]);
      System.out.write('h');
      System.out.flush();
      int end = System.in.read();
      lock.close();
      System.exit(end);
    }
  }
}
