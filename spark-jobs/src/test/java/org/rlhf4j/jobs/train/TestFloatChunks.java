package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.tensor.Floats;

class TestFloatChunks {
  /** Two chunks, the second short. */
  private static final int SIZE = (1 << 22) + 3;

  @TempDir private Path directory;

  private static Floats numbers() {
    Floats values = Floats.allocate(SIZE);
    values.set(0, 1.5f);
    values.set(SIZE - 4, -2.5f);
    values.set(SIZE - 1, Float.MIN_VALUE);
    return values;
  }

  private static void assertNumbers(Floats values) {
    assertThat(values.at(0)).isEqualTo(1.5f);
    assertThat(values.at(SIZE - 4)).isEqualTo(-2.5f);
    assertThat(values.at(SIZE - 1)).isEqualTo(Float.MIN_VALUE);
  }

  @Test
  void travelAsBytes() {
    Floats copy = Floats.allocate(SIZE);
    FloatChunks.fromBytes(FloatChunks.toBytes(numbers()), copy);
    assertNumbers(copy);
  }

  @Test
  void bytesOfAnotherLengthAreRefused() {
    byte[][] bytes = FloatChunks.toBytes(Floats.allocate(4));
    assertThatThrownBy(() -> FloatChunks.fromBytes(bytes, Floats.allocate(5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Vectors of 4 and 5 values cannot be copied");
  }

  @Test
  void surviveAFile() throws IOException {
    Path file = directory.resolve("values.bin");
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      FloatChunks.write(numbers(), out);
    }
    assertThat(Files.size(file)).isEqualTo(SIZE * (long) Float.BYTES);
    Floats copy = Floats.allocate(SIZE);
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      FloatChunks.read(in, copy);
    }
    assertNumbers(copy);
  }
}
