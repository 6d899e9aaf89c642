package org.rlhf4j.jobs.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The lines of a {@code metrics/STAGE.jsonl}: one object per step, and one per evaluation. */
final class MetricsLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> lines;

  /**
   * @param before lines that the log begins with
   */
  MetricsLog(List<String> before) {
    lines = new ArrayList<>(before);
  }

  /** A copy of the lines so far. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  void append(StepMetrics step) {
    append(step.step(), step.values());
  }

  void append(long step, Map<String, Double> values) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step);
    line.putAll(values);
    try {
      lines.add(JSON.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Metrics of step " + step + " are no JSON", e);
    }
  }

  /** Writes {@code metrics/STAGE.jsonl} under a directory. */
  void writeTo(Path directory, String stage) throws IOException {
    Path file = directory.resolve("metrics").resolve(stage + ".jsonl");
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
  }
}
