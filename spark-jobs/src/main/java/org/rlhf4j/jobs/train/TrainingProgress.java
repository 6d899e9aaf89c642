package org.rlhf4j.jobs.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.CheckpointStore;
import org.rlhf4j.jobs.checkpoint.CheckpointStore.Checkpoint;
import org.rlhf4j.jobs.checkpoint.LocalDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints of a training under way, in {@code OUTPUT.progress/STEP}: model directories with the
 * optimiser's state, from which the same command goes on after a kill. Only the newest is kept, and
 * none once the model is published.
 */
final class TrainingProgress {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingProgress.class);
  private static final String SUFFIX = ".progress";
  private static final String STATE_FILE = "progress.json";
  private static final String UPDATER_FILE = "updater.bin";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CheckpointStore store = new CheckpointStore();
  private final String directory;
  private final String training;
  private final int interval;
  private Optional<Checkpoint> newest = Optional.empty();
  private State state = State.START;

  /**
   * Where a training stands.
   *
   * @param epoch from 0
   * @param epochSteps steps taken in it
   * @param lastStep metrics of the last step
   * @param metrics lines of the metrics file
   */
  record State(int epoch, int epochSteps, Map<String, Double> lastStep, List<String> metrics) {
    static final State START = new State(0, 0, Map.of(), List.of());
  }

  /** A state and the training that it is of. */
  private record Saved(String training, State state) {}

  private TrainingProgress(String directory, String training, int interval) {
    this.directory = directory;
    this.training = training;
    this.interval = interval;
  }

  /**
   * Of the command that writes this output; that of another training is deleted.
   *
   * @param training hash of all that decides the outcome
   * @param interval steps between two checkpoints; 0 for none
   */
  static TrainingProgress of(String output, String training, int interval) {
    TrainingProgress progress = new TrainingProgress(output + SUFFIX, training, interval);
    progress.find();
    return progress;
  }

  private void find() {
    newest = store.latest(directory);
    Optional<Saved> saved = newest.map(checkpoint -> read(checkpoint.directory()));
    if (saved.isPresent() && saved.get().training().equals(training)) {
      state = saved.get().state();
    } else if (saved.isPresent()) {
      LOG.warn("{} is of a training with other settings, model or rows, and is deleted", directory);
      delete();
    }
  }

  /** At the start where there is none to go on from. */
  State state() {
    return state;
  }

  /** Model directory to take the weights from, if there is one. */
  Optional<String> model() {
    return newest.map(Checkpoint::directory);
  }

  /** Brings the learner's optimiser, and adapters if there are any, to where they were. */
  void restore(Learner learner) {
    model()
        .ifPresent(
            from -> {
              try (LocalDirectory local = LocalDirectory.of(from)) {
                learner.loadAdapters(local.path());
                learner.loadState(local.path().resolve(UPDATER_FILE));
              }
              LOG.info("Going on after step {} from {}", learner.steps(), from);
            });
  }

  /** Whether a checkpoint is to be made after so many steps. */
  boolean isDue(long steps) {
    return interval > 0 && steps - newest.map(Checkpoint::step).orElse(0L) >= interval;
  }

  /**
   * Publishes a checkpoint in the place of the one before.
   *
   * @param tokenizer local directory with the model's tokenizer
   */
  void save(Learner learner, State now, Path tokenizer) {
    newest =
        Optional.of(
            store.publish(
                directory,
                learner.steps(),
                files -> {
                  learner.saveModel(tokenizer, files);
                  learner.saveState(files.resolve(UPDATER_FILE));
                  JSON.writeValue(files.resolve(STATE_FILE).toFile(), new Saved(training, now));
                }));
    store.keepNewest(directory, 1);
  }

  /** Deletes the checkpoints, which nobody needs any more. */
  void delete() {
    if (newest.isPresent()) {
      store.deleteAll(directory);
      newest = Optional.empty();
    }
  }

  private static Saved read(String checkpoint) {
    try (LocalDirectory local = LocalDirectory.of(checkpoint, STATE_FILE::equals)) {
      return JSON.readValue(local.path().resolve(STATE_FILE).toFile(), Saved.class);
    } catch (IOException e) {
      throw new JobException(
          ExitCode.STORAGE_FAILED,
          String.format(
              "%s/%s cannot be read (%s); delete this directory to train from the start",
              checkpoint, STATE_FILE, e.getMessage()),
          e);
    }
  }
}
