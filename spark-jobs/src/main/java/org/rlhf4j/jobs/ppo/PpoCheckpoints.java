package org.rlhf4j.jobs.ppo;

import java.nio.file.Path;
import java.util.Optional;
import org.rlhf4j.hub.ScoreNormalization;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.CheckpointStore;
import org.rlhf4j.jobs.checkpoint.CheckpointStore.Checkpoint;
import org.rlhf4j.jobs.checkpoint.LocalDirectory;
import org.rlhf4j.jobs.train.Learner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Policy and critic, if there is one, after each iteration. An iteration is complete when both are
 * published; the policy's comes last and holds the run's state.
 */
final class PpoCheckpoints {
  private static final Logger LOG = LoggerFactory.getLogger(PpoCheckpoints.class);
  private static final String UPDATER_FILE = "updater.bin";

  private final CheckpointStore store;
  private final PpoLayout layout;
  private final boolean hasCritic;

  /** A complete iteration. */
  record Complete(String policy, Optional<String> critic, PpoState state) {}

  PpoCheckpoints(CheckpointStore store, PpoLayout layout, PpoSettings settings) {
    this.store = store;
    this.layout = layout;
    this.hasCritic = settings.hasCritic();
  }

  /** The newest iteration whose checkpoints verify. */
  Optional<Complete> latest() {
    for (Checkpoint policy : store.newestFirst(layout.policyCheckpoints())) {
      Optional<String> critic =
          hasCritic ? Optional.of(layout.criticCheckpoint(policy.step())) : Optional.empty();
      if (verifies(policy.directory()) && critic.stream().allMatch(this::verifies)) {
        return Optional.of(new Complete(policy.directory(), critic, state(policy.directory())));
      }
    }
    return Optional.empty();
  }

  /** Continues where the checkpoint left the optimisers and, where there are any, adapters. */
  void load(Complete complete, Learners learners) {
    load(complete.policy(), learners.policy());
    learners.critic().ifPresent(critic -> load(complete.critic().orElseThrow(), critic));
  }

  /**
   * Publishes the checkpoints of an iteration.
   *
   * @param policyTokenizer local directory with the policy's tokenizer
   * @param criticStart local directory of the model that the critic started from, with its
   *     tokenizer and what is to be added to its scalars
   */
  Complete publish(PpoState state, Learners learners, Path policyTokenizer, Path criticStart) {
    Optional<Checkpoint> critic =
        learners
            .critic()
            .map(
                learner ->
                    store.publish(
                        layout.criticCheckpoints(),
                        state.iteration(),
                        directory -> {
                          write(learner, criticStart, directory);
                          ScoreNormalization.writeOffset(
                              ScoreNormalization.readOffset(criticStart), directory);
                        }));
    Checkpoint policy =
        store.publish(
            layout.policyCheckpoints(),
            state.iteration(),
            directory -> {
              write(learners.policy(), policyTokenizer, directory);
              state.writeTo(directory);
            });
    return new Complete(policy.directory(), critic.map(Checkpoint::directory), state);
  }

  /** Deletes all but the newest checkpoints. */
  void keepNewest(int count) {
    store.keepNewest(layout.policyCheckpoints(), count);
    if (hasCritic) {
      store.keepNewest(layout.criticCheckpoints(), count);
    }
  }

  private static void write(Learner learner, Path tokenizer, Path directory) {
    learner.saveModel(tokenizer, directory);
    learner.saveState(directory.resolve(UPDATER_FILE));
  }

  private static void load(String checkpoint, Learner learner) {
    try (LocalDirectory local = LocalDirectory.of(checkpoint)) {
      learner.loadAdapters(local.path());
      learner.loadState(local.path().resolve(UPDATER_FILE));
    }
  }

  private static PpoState state(String checkpoint) {
    try (LocalDirectory local = LocalDirectory.of(checkpoint)) {
      return PpoState.readFrom(local.path());
    }
  }

  private boolean verifies(String directory) {
    try {
      if (!store.isPublished(directory)) {
        return false;
      }
      store.verify(directory);
      return true;
    } catch (JobException e) {
      LOG.warn("Skipping checkpoint {}: {}", directory, e.getMessage());
      return false;
    }
  }
}
