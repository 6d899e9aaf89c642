package org.rlhf4j.jobs.ppo;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.checkpoint.HadoopPaths;
import org.rlhf4j.jobs.dataset.Storage;

/**
 * The metrics of a run as a file of JSON lines. Written as a whole each time: object stores cannot
 * append, and the lines come from the checkpoint, so that file and checkpoint cannot disagree for
 * longer than one write.
 */
final class MetricsFile {
  private final Storage storage = new Storage(HadoopPaths.configuration());
  private final Path file;

  MetricsFile(String file) {
    this.file = new Path(file);
  }

  void write(List<String> lines) {
    storage.replaceText(
        file, lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
  }
}
