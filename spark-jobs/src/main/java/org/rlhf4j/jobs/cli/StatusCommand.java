package org.rlhf4j.jobs.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.rlhf4j.jobs.pipeline.RunDirectory;
import org.rlhf4j.jobs.pipeline.RunState;
import org.rlhf4j.jobs.pipeline.RunStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the state of a run; the exit code is the run's. */
@Command(description = "Shows the state of a run; the exit code is the run's.")
final class StatusCommand implements JobCommand {
  @Mixin private CommonOptions common;

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      required = true,
      description = "Directory of the run.")
  private String runDirectory;

  @Override
  public JobResult run(JobContext context) {
    RunState state = RunStatus.read(context.storage(), new RunDirectory(runDirectory));
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("exit_code", RunStatus.exitCode(state));
    counts.put("message", state.message());
    counts.put("started", state.started());
    counts.put("finished", state.finished());
    counts.put("stages", stages(state));
    return new JobResult(RunStatus.name(state.status()), runDirectory, counts);
  }

  /** The same number as in the result. */
  @Override
  public int exitCode(JobResult result) {
    return (int) result.counts().get("exit_code");
  }

  private static Map<String, Object> stages(RunState state) {
    Map<String, Object> stages = new LinkedHashMap<>();
    for (RunState.StageRecord stage : state.stages()) {
      stages.put(stage.name(), RunStatus.name(stage.status()));
    }
    return stages;
  }
}
