package org.rlhf4j.jobs.ppo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.checkpoint.HadoopPaths;
import org.rlhf4j.jobs.dataset.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics of a run as a file of JSON lines, one for each iteration. Written as a whole each
 * time, since object stores cannot append. It may be one iteration behind the newest checkpoint,
 * which holds that line, or ahead of the one a run goes on from.
 */
final class MetricsFile {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsFile.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Storage storage = new Storage(HadoopPaths.configuration());
  private final Path file;
  private final List<String> lines = new ArrayList<>();

  /**
   * Opens the file as it should be after the state's iteration: lines of later ones go, its own
   * line comes from the state.
   */
  MetricsFile(String file, PpoState state) {
    this.file = new Path(file);
    lines.addAll(linesBefore(state.iteration()));
    if (lines.size() < state.iteration() - 1) {
      LOG.warn("{} has lost lines of the {} iterations so far", file, state.iteration());
    }
    if (state.iteration() > 0) {
      append(state);
    }
  }

  /** Adds the line of the state's iteration. */
  void append(PpoState state) {
    lines.add(state.metrics());
    write();
  }

  /** One for each iteration so far. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  private List<String> linesBefore(long iteration) {
    if (!storage.exists(file)) {
      return List.of();
    }
    return storage.readText(file).lines().filter(line -> isBefore(line, iteration)).toList();
  }

  /** False for a line that is no JSON: only whole ones are written here. */
  private static boolean isBefore(String line, long iteration) {
    try {
      return JSON.readTree(line).path("step").asLong(Long.MAX_VALUE) < iteration;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private void write() {
    storage.replaceText(
        file, lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
  }
}
