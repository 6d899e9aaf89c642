package org.rlhf4j.jobs.ppo;

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
   * @param seed of the head
   * @return its model directory
   */
  public static String of(CheckpointStore store, String policy, PpoLayout layout, long seed) {
    String directory = layout.criticStart();
    if (!store.isPublished(directory)) {
      try (LocalDirectory local = LocalDirectory.of(policy)) {
        store.publish(
            directory,
            output ->
                ModelDirectory.save(
                    ModelDirectory.load(local.path()).withHead(DecoderHead.SCALAR, seed),
                    local.path(),
                    output));
      }
    }
    return directory;
  }
}
