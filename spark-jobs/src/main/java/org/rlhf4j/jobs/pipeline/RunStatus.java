package org.rlhf4j.jobs.pipeline;

import java.util.Optional;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.pipeline.RunState.Status;

/** What {@code status} tells of a run. */
public final class RunStatus {
  private RunStatus() {}

  /**
   * The state as a run left it; one that says it runs while nobody holds its lock was killed and is
   * reported as stopped.
   *
   * @throws JobException if there is no run
   */
  public static RunState read(Storage storage, RunDirectory run) {
    Optional<RunState> state = RunRecorder.read(storage, run);
    if (state.isEmpty()) {
      throw JobException.badInput(
          "%s is no run directory (it has no run.json); check --run-dir", run.root());
    }
    boolean killed = state.get().status() == Status.RUNNING && !RunLock.isHeld(run.root());
    return killed
        ? state
            .get()
            .ended(
                Status.STOPPED, RunRecorder.STOPPED, "Killed; run the same command to continue", "")
        : state.get();
  }

  /** Name of a state in JSON. */
  public static String name(Status status) {
    return RunStateJson.name(status);
  }

  /** The run's exit code; of one that still runs, that of a second start. */
  public static int exitCode(RunState state) {
    return state.exitCode().orElse(ExitCode.LOCKED.code());
  }
}
