package org.rlhf4j.jobs.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;

/**
 * Writes the demonstration's raw files, as a team of annotators would have delivered them.
 *
 * <p>The same settings and seed give the same bytes.
 */
public final class DemoData {
  /** Raw file of format {@code demonstration}. */
  public static final String DEMONSTRATIONS = "demonstrations.jsonl";

  /** Raw file of format {@code preference}. */
  public static final String PREFERENCES = "preferences.jsonl";

  /** Raw file of format {@code prompt}. */
  public static final String PROMPTS = "prompts.jsonl";

  /** Raw file of format {@code ranking}. */
  public static final String RANKINGS = "rankings.jsonl";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final DemoSettings settings;
  private final long seed;

  public DemoData(DemoSettings settings, long seed) {
    this.settings = settings;
    this.seed = seed;
  }

  /**
   * Writes the files, replacing what is there.
   *
   * @param directory any Hadoop path, made where it is missing
   * @throws JobException if the storage fails
   */
  public void write(String directory) {
    DemoRows rows = new DemoRows(settings, seed);
    Path root = new Path(directory);
    try {
      FileSystem storage = root.getFileSystem(new Configuration());
      write(storage, new Path(root, PROMPTS), settings.prompts(), r -> List.of(rows.prompt(r)));
      write(
          storage,
          new Path(root, DEMONSTRATIONS),
          settings.demonstrations(),
          r -> List.of(rows.demonstration(r)));
      write(storage, new Path(root, PREFERENCES), settings.pairs(), rows::pair);
      write(storage, new Path(root, RANKINGS), settings.rankings(), r -> List.of(rows.ranking(r)));
    } catch (IOException e) {
      throw new JobException(
          ExitCode.STORAGE_FAILED,
          String.format(
              "The demonstration data cannot be written to %s (%s); check the path and the space.",
              directory, e.getMessage()),
          e);
    }
  }

  private static void write(
      FileSystem storage, Path file, int rows, IntFunction<? extends List<?>> rowsOf)
      throws IOException {
    try (OutputStream out = storage.create(file, true)) {
      for (int row = 0; row < rows; row++) {
        for (Object raw : rowsOf.apply(row)) {
          out.write((JSON.writeValueAsString(raw) + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    }
  }
}
