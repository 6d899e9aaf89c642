package org.rlhf4j.jobs.ppo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;

/**
 * What a policy checkpoint holds beside weights and updater state.
 *
 * @param iteration the last complete one; 0 before the first
 * @param steps optimiser steps that each model has taken
 * @param klCoefficient of the next iteration
 * @param baseline of reward-to-go in the next iteration; 0 for none
 * @param oldKlCoefficient of ppo-kl in the next iteration
 * @param metrics line of this iteration, empty before the first; those before it are in the metrics
 *     file, which a kill may keep from getting this one
 */
record PpoState(
    long iteration,
    long steps,
    double klCoefficient,
    double baseline,
    double oldKlCoefficient,
    String metrics) {
  private static final String FILE = "ppo-state.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  static PpoState start(double klCoefficient, double oldKlCoefficient) {
    return new PpoState(0, 0, klCoefficient, 0, oldKlCoefficient, "");
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
