package org.rlhf4j.jobs.ppo;

import java.util.Optional;

/**
 * What a run reads beside its models.
 *
 * @param pretraining rows for the policy's loss, if it has that term
 */
record RowSources(PromptSource prompts, Optional<PretrainingSource> pretraining)
    implements AutoCloseable {
  @Override
  public void close() {
    prompts.close();
    pretraining.ifPresent(PretrainingSource::close);
  }
}
