package org.rlhf4j.data.dataset;

import java.io.Serializable;
import java.util.Optional;

/** One held-out response of a checkpoint, judged. */
@Schema(name = "evaluations", doc = "One held-out response of a checkpoint, judged")
public record Evaluation(
    @Column("Checkpoint that responded, such as sft or policy") String checkpointId,
    @Column("Prompt it answers") String promptId,
    @Column("The prompt as text") String prompt,
    @Column("The response") String response,
    @Column("Reward model's score") double score,
    @Column("Score of a judge the training never saw") Optional<Double> goldScore,
    @Column("Sum over response tokens of log pi - log pi_ref, nats") double klToReference,
    @Column("Response tokens, end token included") int responseTokens)
    implements Serializable {
  private Object writeReplace() {
    return SerializedRow.of(this);
  }
}
