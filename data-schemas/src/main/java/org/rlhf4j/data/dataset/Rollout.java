package org.rlhf4j.data.dataset;

import java.io.Serializable;
import java.util.Optional;

/** One sampled response. P prompt tokens, T response tokens. */
@Schema(name = "rollouts", doc = "One response sampled from a policy")
public record Rollout(
    @Column("Identifies the response: hash of run seed, iteration, prompt id and sample index")
        String rolloutId,
    @Column("Prompt it answers") String promptId,
    @Column("The prompt as it was encoded") String promptText,
    @Column("The response without its end token") String response,
    @Column("Prompt tokens, [P]") int[] promptTokens,
    @Column("Response tokens with the end token where one was sampled, [T]") int[] responseTokens,
    @Column("Log-probability of each response token at the sampling temperature, nats, [T]")
        float[] logprobs,
    @Column("The same under the reference policy, nats, [T]") Optional<float[]> refLogprobs,
    @Column("Critic's value before each response token is emitted, [T]") Optional<float[]> values,
    @Column("stop or length") FinishReason finishReason,
    @Column("Key of the row's random numbers") long seed)
    implements Serializable {
  private Object writeReplace() {
    return SerializedRow.of(this);
  }
}
