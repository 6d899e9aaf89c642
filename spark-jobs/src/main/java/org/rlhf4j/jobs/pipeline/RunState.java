package org.rlhf4j.jobs.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * State of a run, as its run.json holds it.
 *
 * @param exitCode of the run, empty while it runs
 * @param message the failure in one sentence, empty without one
 * @param started time of the first start, ISO 8601
 * @param finished time of the last end, empty while it runs
 * @param configHash of the settings that can change a result
 * @param inputFingerprint of the raw files
 * @param stages those started so far, in order
 */
public record RunState(
    Status status,
    Optional<Integer> exitCode,
    String message,
    String started,
    String finished,
    String configHash,
    String inputFingerprint,
    List<StageRecord> stages) {

  /** State of a run or of a stage. */
  public enum Status {
    RUNNING,
    DONE,
    FAILED,
    STOPPED
  }

  /**
   * One stage.
   *
   * @param seconds wall time of its last attempt
   * @param counts what the stage reports
   */
  public record StageRecord(
      String name,
      Status status,
      String started,
      String finished,
      double seconds,
      Map<String, Object> counts) {}

  static RunState begin(String time, String configHash, String inputFingerprint) {
    return new RunState(
        Status.RUNNING, Optional.empty(), "", time, "", configHash, inputFingerprint, List.of());
  }

  RunState resumed() {
    return new RunState(
        Status.RUNNING, Optional.empty(), "", started, "", configHash, inputFingerprint, stages);
  }

  RunState ended(Status end, int code, String reason, String time) {
    return new RunState(
        end, Optional.of(code), reason, started, time, configHash, inputFingerprint, stages);
  }

  /** Replaces the stage of that name, or adds it. */
  RunState with(StageRecord stage) {
    List<StageRecord> updated = new ArrayList<>(stages);
    int known = names().indexOf(stage.name());
    if (known < 0) {
      updated.add(stage);
    } else {
      updated.set(known, stage);
    }
    return new RunState(
        status, exitCode, message, started, finished, configHash, inputFingerprint, updated);
  }

  Optional<StageRecord> stage(String name) {
    return stages.stream().filter(stage -> stage.name().equals(name)).findFirst();
  }

  private List<String> names() {
    return stages.stream().map(StageRecord::name).toList();
  }
}
