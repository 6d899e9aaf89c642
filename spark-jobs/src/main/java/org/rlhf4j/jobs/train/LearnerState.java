package org.rlhf4j.jobs.train;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.rlhf4j.dl4j.TrainingNetwork;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;

/**
 * A learner's state beside its weights, as a file: the text {@code RLHF4JT1}, steps taken and
 * number of values (int64), then the updater's state (float32); all little endian.
 */
final class LearnerState {
  private static final long MAGIC = 0x31544a3446484c52L; // "RLHF4JT1"
  private static final int HEADER = 3 * Long.BYTES;

  private LearnerState() {}

  static void save(TrainingNetwork network, Path file) {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putLong(network.steps()).putLong(network.updaterState().length());
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      header.flip();
      while (header.hasRemaining()) {
        channel.write(header);
      }
      FloatChunks.write(network.updaterState(), channel);
      channel.force(true);
    } catch (IOException e) {
      throw new JobException(
          ExitCode.STORAGE_FAILED,
          String.format(
              "%s: the training state cannot be written (%s); free space or choose another output",
              file, e.getMessage()),
          e);
    }
  }

  /** Sets the network's updater state; returns the steps taken to get there. */
  static long load(TrainingNetwork network, Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
      while (header.hasRemaining()) {
        if (channel.read(header) < 0) {
          throw new EOFException("the file is shorter than its header");
        }
      }
      header.flip();
      long values = network.updaterState().length();
      boolean matches = header.getLong() == MAGIC;
      long steps = header.getLong();
      matches &= header.getLong() == values && Files.size(file) == HEADER + values * Float.BYTES;
      if (!matches || steps < 0) {
        throw JobException.badInput(
            "%s: this is no training state of a model with %d updater values; take it from the checkpoint of the same model and updater",
            file, values);
      }
      FloatChunks.read(channel, network.updaterState());
      return steps;
    } catch (IOException e) {
      throw new JobException(
          ExitCode.BAD_INPUT,
          String.format(
              "%s: the training state cannot be read (%s); take another checkpoint",
              file, e.getMessage()),
          e);
    }
  }
}
