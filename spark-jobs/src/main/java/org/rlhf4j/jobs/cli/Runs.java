package org.rlhf4j.jobs.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.rlhf4j.jobs.pipeline.PipelineRun;
import org.rlhf4j.jobs.pipeline.RunDirectory;
import org.rlhf4j.jobs.pipeline.RunState;

/** Runs a pipeline for the commands that do. */
final class Runs {
  private Runs() {}

  static JobResult execute(JobContext context, RunDirectory run) {
    RunState state =
        new PipelineRun(
                context::spark,
                context.outputFormat(),
                context.runConfig(),
                context.progress()::of,
                recorder -> context.onStop(recorder::stopped))
            .execute(run);
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("policy", run.policy());
    counts.put("report", run.reportPage());
    for (RunState.StageRecord stage : state.stages()) {
      if (stage.name().equals("evaluate")) {
        counts.putAll(stage.counts());
      }
    }
    return new JobResult("done", run.root(), counts);
  }
}
