package org.rlhf4j.jobs.rollout;

import java.util.Optional;
import org.rlhf4j.data.dataset.Column;
import org.rlhf4j.data.dataset.Schema;

/** The columns of a rollout that advantages are made of: all but its texts. */
@Schema(name = "rollouts", doc = "One response sampled from a policy, without its texts")
record RolloutTokens(
    @Column("Identifies the response") String rolloutId,
    @Column("Prompt it answers") String promptId,
    @Column("Prompt tokens, [P]") int[] promptTokens,
    @Column("Response tokens, [T]") int[] responseTokens,
    @Column("Log-probability of each response token, nats, [T]") float[] logprobs,
    @Column("The same under the reference policy, nats, [T]") Optional<float[]> refLogprobs,
    @Column("Critic's value before each response token, [T]") Optional<float[]> values) {}
