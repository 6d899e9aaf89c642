package org.rlhf4j.jobs.pipeline;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.Failure;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.pipeline.RunState.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs stages in order in one run directory, each once: a stage whose output is published is
 * skipped, so that a killed run continues and a finished one does nothing.
 */
final class PipelineJob {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineJob.class);

  private final Storage storage;
  private final RunDirectory run;
  private final RunConfig config;
  private final Clock clock;
  private final Consumer<RunRecorder> whileRunning;

  /**
   * @param whileRunning is given the recorder, to tell it of a signal
   */
  PipelineJob(
      Storage storage,
      RunDirectory run,
      RunConfig config,
      Clock clock,
      Consumer<RunRecorder> whileRunning) {
    this.storage = storage;
    this.run = run;
    this.config = config;
    this.clock = clock;
    this.whileRunning = whileRunning;
  }

  /**
   * @param stages in their order; asked for only if the run is not finished
   * @throws JobException if another process runs it (locked), if the directory was begun with other
   *     settings or input (mismatch), or if a stage fails
   */
  RunState execute(Supplier<List<Stage>> stages) {
    String hash = RunConfig.format().hash(config);
    String fingerprint = InputFingerprint.of(config.rlhf().pipeline().input());
    try (RunLock lock = RunLock.take(run.root())) {
      LOG.debug("Holding {}", lock);
      Optional<RunState> before = RunRecorder.read(storage, run);
      // config.yaml rather than run.json: it is written once and says what differs
      SameSettings.check(storage, run.config(), run.root(), config);
      before.ifPresent(state -> checkSameInput(state, fingerprint));
      if (before.isPresent() && before.get().status() == Status.DONE) {
        LOG.info("{} is finished; nothing to do", run.root());
        return before.get();
      }
      storage.replaceText(run.config(), RunConfig.format().write(config));
      RunRecorder recorder = RunRecorder.begin(storage, run, clock, hash, fingerprint);
      whileRunning.accept(recorder);
      return run(stages, recorder);
    }
  }

  private static RunState run(Supplier<List<Stage>> supplier, RunRecorder recorder) {
    try {
      List<Stage> stages = supplier.get();
      for (int i = 0; i < stages.size(); i++) {
        run(stages.get(i), String.format("[%d/%d]", i + 1, stages.size()), recorder);
      }
      recorder.done();
      return recorder.state();
    } catch (RuntimeException | Error e) {
      Failure failure = Failure.of(e);
      recorder.failed(failure.exitCode(), failure.sentence());
      throw e;
    }
  }

  private static void run(Stage stage, String position, RunRecorder recorder) {
    if (stage.published().getAsBoolean()) {
      LOG.info("{} {}: published before", position, stage.name());
      recorder.stageSkipped(stage.name());
      return;
    }
    LOG.info("{} {}", position, stage.name());
    recorder.stageStarted(stage.name());
    Map<String, Object> counts = stage.action().get();
    recorder.stageDone(stage.name(), counts);
    LOG.info("{} {}: {}", position, stage.name(), counts);
  }

  private void checkSameInput(RunState state, String fingerprint) {
    if (!state.inputFingerprint().equals(fingerprint)) {
      throw new JobException(
          ExitCode.RUN_MISMATCH,
          String.format(
              "%s was begun with other input than %s holds now; use another run directory",
              run.root(), config.rlhf().pipeline().input()));
    }
  }
}
