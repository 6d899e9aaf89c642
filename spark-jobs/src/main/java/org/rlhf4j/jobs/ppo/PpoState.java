package org.rlhf4j.jobs.ppo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;

/**
 * What a policy checkpoint holds beside weights and updater state.
 *
 * @param iteration the last complete one; 0 before the first
 * @param klCoefficient of the next iteration
 * @param metrics lines of all complete iterations, so that a resumed run neither repeats nor loses
 *     one
 */
record PpoState(long iteration, double klCoefficient, List<String> metrics) {
  private static final String FILE = "ppo-state.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  PpoState {
    metrics = List.copyOf(metrics);
  }

  static PpoState start(double klCoefficient) {
    return new PpoState(0, klCoefficient, List.of());
  }

  /** The state one iteration later. */
  PpoState next(double nextKlCoefficient, IterationMetrics iterationMetrics) {
    List<String> lines = new ArrayList<>(metrics);
    lines.add(iterationMetrics.line());
    return new PpoState(iteration + 1, nextKlCoefficient, lines);
  }

  void writeTo(Path checkpoint) throws IOException {
    Files.write(checkpoint.resolve(FILE), JSON.writeValueAsBytes(this));
  }

  static PpoState readFrom(Path checkpoint) {
    try {
      return JSON.readValue(checkpoint.resolve(FILE).toFile(), PpoState.class);
    } catch (IOException e) {
      throw new JobException(
          ExitCode.STORAGE_FAILED,
          String.format(
              "%s cannot be read (%s); delete this checkpoint to continue from the one before",
              checkpoint.resolve(FILE), e.getMessage()),
          e);
    }
  }
}
