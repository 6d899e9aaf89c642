package org.rlhf4j.jobs.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.jobs.JobException;

/** The lock of remote stores, here on a local one. */
class TestRemoteRunLock {
  @TempDir private Path directory;
  private Path file;
  private org.apache.hadoop.fs.Path lock;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("run/_lock");
    lock = new org.apache.hadoop.fs.Path(file.toString());
  }

  @Test
  void isHeldUntilClosed() {
    RemoteRunLock held = RemoteRunLock.take(lock, "Run");
    assertThat(RemoteRunLock.isHeld(lock)).isTrue();
    assertThatThrownBy(() -> RemoteRunLock.take(lock, "Run"))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("Run is locked by process " + ProcessHandle.current().pid());
    held.close();
    assertThat(RemoteRunLock.isHeld(lock)).isFalse();
    RemoteRunLock.take(lock, "Run").close();
  }

  @Test
  void deadProcessOfThisMachineLosesIt() throws IOException {
    LockHolder here = LockHolder.thisProcess();
    write(new LockHolder(here.host(), here.process(), "2001-01-01T00:00:00Z"));
    assertThat(RemoteRunLock.isHeld(lock)).isFalse();
    RemoteRunLock.take(lock, "Run").close();
  }

  @Test
  void startAtTheSameTimeKeepsIt() throws IOException {
    FileSystem racing =
        new FilterFileSystem(FileSystem.getLocal(new Configuration()).getRawFileSystem()) {
          private boolean isOver;

          @Override
          public boolean exists(org.apache.hadoop.fs.Path path) throws IOException {
            boolean before = super.exists(path);
            if (!isOver) {
              isOver = true;
              write(LockHolder.thisProcess());
            }
            return before;
          }
        };
    assertThatThrownBy(() -> RemoteRunLock.take(racing, lock, "Run"))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("Run is locked by a process that started at the same time");
    assertThat(RemoteRunLock.isHeld(lock)).isTrue();
  }

  @Test
  void otherMachineKeepsIt() throws IOException {
    write(new LockHolder("elsewhere", 1, "2001-01-01T00:00:00Z"));
    assertThatThrownBy(() -> RemoteRunLock.take(lock, "Run"))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("Run is locked by process 1 on elsewhere");
  }

  @Test
  void halfWrittenLockCounts() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
    assertThat(RemoteRunLock.isHeld(lock)).isTrue();
  }

  private void write(LockHolder holder) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, holder.text());
  }
}
