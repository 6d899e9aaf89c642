package org.rlhf4j.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.HadoopPaths;

/** The metrics of a run as one TensorBoard event file for each stage. */
final class TensorBoardEvents {
  private static final List<String> STAGES = List.of("sft", "reward", "dpo", "ppo");
  private static final String STEP = "step";

  private final RunFiles files;

  TensorBoardEvents(RunFiles files) {
    this.files = files;
  }

  /** Returns the number of scalars written. */
  long writeTo(String runDirectory) {
    double time = startTime();
    long scalars = 0;
    for (String stage : STAGES) {
      List<JsonNode> rows = files.metrics(stage);
      if (!rows.isEmpty()) {
        String name = "tensorboard/" + stage + "/events.out.tfevents.0.rlhf4j";
        scalars += write(new Path(runDirectory, name), rows, time);
      }
    }
    return scalars;
  }

  /** The rows hold no times, so all events carry that of the run's start. */
  private double startTime() {
    String started = files.json("run.json").path("started").asText();
    return started.isEmpty() ? 0 : Instant.parse(started).toEpochMilli() / 1000.0;
  }

  private static long write(Path file, List<JsonNode> rows, double time) {
    long scalars = 0;
    try {
      FileSystem files = file.getFileSystem(HadoopPaths.configuration());
      FileSystem plain = files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
      try (OutputStream out = plain.create(file, true)) {
        out.write(EventRecord.version(time));
        for (JsonNode row : rows) {
          Iterator<Map.Entry<String, JsonNode>> fields = row.fields();
          while (fields.hasNext()) {
            Map.Entry<String, JsonNode> field = fields.next();
            if (!field.getKey().equals(STEP) && field.getValue().isNumber()) {
              long step = row.path(STEP).asLong();
              float value = field.getValue().floatValue();
              out.write(EventRecord.scalar(time, step, field.getKey(), value));
              scalars++;
            }
          }
        }
      }
    } catch (IOException e) {
      throw new JobException(
          ExitCode.STORAGE_FAILED,
          String.format("%s cannot be written: %s", file, e.getMessage()),
          e);
    }
    return scalars;
  }
}
