package org.rlhf4j.data.dataset;

import java.io.Serializable;
import java.util.Optional;

/** One rollout ready for the policy update. P prompt tokens, T response tokens. */
@Schema(name = "experience", doc = "One rollout with rewards, advantages and returns")
public record Experience(
    @Column("The response it belongs to") String rolloutId,
    @Column("Prompt tokens, [P]") int[] promptTokens,
    @Column("Response tokens, [T]") int[] responseTokens,
    @Column("Log-probabilities under the policy that sampled, nats, [T]") float[] oldLogprobs,
    @Column("Values of the critic before the update, 0 without one, [T]") float[] oldValues,
    @Column("Per-token KL estimate to the reference, nats, [T]") float[] klToReference,
    @Column("Per-token rewards, KL penalty included, [T]") float[] rewards,
    @Column("Advantages, whitened if asked for, [T]") float[] advantages,
    @Column("Unwhitened advantages + values, [T]") float[] returns,
    @Column(
            "Log-probabilities under the reference policy where the KL penalty is part of the loss,"
                + " nats, [T]")
        Optional<float[]> refLogprobs)
    implements Serializable {
  private Object writeReplace() {
    return SerializedRow.of(this);
  }
}
