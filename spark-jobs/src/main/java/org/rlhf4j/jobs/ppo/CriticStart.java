package org.rlhf4j.jobs.ppo;

import java.util.Optional;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.jobs.checkpoint.CheckpointStore;
import org.rlhf4j.jobs.checkpoint.LocalDirectory;

/** What a critic starts from where there is no reward model: the policy with a new scalar head. */
public final class CriticStart {
  private CriticStart() {}

  /**
   * Writes it unless it is there.
   *
   * @param policy model directory of the starting policy
   * @return its model directory; empty where the method has no critic
   */
  public static Optional<String> of(
      CheckpointStore store, String policy, PpoLayout layout, PpoSettings settings) {
    if (!settings.hasCritic()) {
      return Optional.empty();
    }
    String directory = layout.criticStart();
    if (!store.isPublished(directory)) {
      try (LocalDirectory local = LocalDirectory.of(policy)) {
        store.publish(
            directory,
            output ->
                ModelDirectory.save(
                    ModelDirectory.load(local.path()).withHead(DecoderHead.SCALAR, settings.seed()),
                    local.path(),
                    output));
      }
    }
    return Optional.of(directory);
  }
}
