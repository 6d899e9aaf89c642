package org.rlhf4j.jobs.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.pipeline.RunState.StageRecord;
import org.rlhf4j.jobs.pipeline.RunState.Status;

/** Keeps run.json up to date. Thread-safe: a signal ends a run from another thread. */
public final class RunRecorder {
  /** Exit code of a run that a signal ended. */
  public static final int STOPPED = 143;

  private static final double MILLIS = 1000.0;

  private final Storage storage;
  private final RunDirectory run;
  private final Clock clock;
  private RunState state;

  private RunRecorder(Storage storage, RunDirectory run, Clock clock, RunState state) {
    this.storage = storage;
    this.run = run;
    this.clock = clock;
    this.state = state;
  }

  /** State of a run, empty where there is none. */
  static Optional<RunState> read(Storage storage, RunDirectory run) {
    if (!storage.exists(run.state())) {
      return Optional.empty();
    }
    try {
      return Optional.of(RunStateJson.read(storage.readText(run.state())));
    } catch (JsonProcessingException e) {
      throw JobException.badInput(
          "%s is not the state of a run; delete it to run its missing stages", run.state());
    }
  }

  /** Begins, or continues what is recorded. */
  static RunRecorder begin(
      Storage storage, RunDirectory run, Clock clock, String configHash, String fingerprint) {
    RunState state =
        read(storage, run)
            .map(RunState::resumed)
            .orElseGet(() -> RunState.begin(now(clock).toString(), configHash, fingerprint));
    RunRecorder recorder = new RunRecorder(storage, run, clock, state);
    recorder.write();
    return recorder;
  }

  synchronized RunState state() {
    return state;
  }

  synchronized void stageStarted(String stage) {
    state =
        state.with(new StageRecord(stage, Status.RUNNING, now(clock).toString(), "", 0, Map.of()));
    write();
  }

  synchronized void stageDone(String stage, Map<String, Object> counts) {
    state = state.with(ended(stage, Status.DONE, counts));
    write();
  }

  /** The output was there already; keeps what is recorded about it. */
  synchronized void stageSkipped(String stage) {
    boolean recorded = state.stage(stage).map(s -> s.status() == Status.DONE).orElse(false);
    if (!recorded) {
      state = state.with(ended(stage, Status.DONE, Map.of()));
      write();
    }
  }

  synchronized void done() {
    state = state.ended(Status.DONE, 0, "", now(clock).toString());
    write();
  }

  synchronized void failed(int exitCode, String message) {
    end(Status.FAILED, exitCode, message);
  }

  /** Called when a signal ends the process. */
  public synchronized void stopped() {
    if (state.status() == Status.RUNNING) {
      end(Status.STOPPED, STOPPED, "Stopped by a signal; run the same command to continue");
    }
  }

  private void end(Status end, int exitCode, String message) {
    if (state.status() != Status.RUNNING) {
      return; // a signal was first
    }
    for (StageRecord stage : state.stages()) {
      if (stage.status() == Status.RUNNING) {
        state = state.with(ended(stage.name(), end, stage.counts()));
      }
    }
    state = state.ended(end, exitCode, message, now(clock).toString());
    write();
  }

  private StageRecord ended(String name, Status status, Map<String, Object> counts) {
    Instant end = now(clock);
    String started =
        state.stage(name).map(StageRecord::started).filter(s -> !s.isEmpty()).orElse("" + end);
    double seconds = Duration.between(Instant.parse(started), end).toMillis() / MILLIS;
    return new StageRecord(name, status, started, end.toString(), seconds, counts);
  }

  private void write() {
    storage.replaceText(run.state(), RunStateJson.write(state));
  }

  private static Instant now(Clock clock) {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
