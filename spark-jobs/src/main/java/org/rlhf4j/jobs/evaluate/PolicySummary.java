package org.rlhf4j.jobs.evaluate;

import java.util.List;
import java.util.Optional;
import org.rlhf4j.data.dataset.Evaluation;

/**
 * A policy on held-out prompts.
 *
 * @param checkpointId such as sft or policy
 * @param score reward model's score, per response
 * @param goldScore gold judge's score, per response
 * @param klToReference nats per response
 * @param responseTokens per response
 */
public record PolicySummary(
    String checkpointId,
    Estimate score,
    Optional<Estimate> goldScore,
    Estimate klToReference,
    Estimate responseTokens) {
  /**
   * @param evaluations of one checkpoint, in a fixed order, at least one
   */
  static PolicySummary of(List<Evaluation> evaluations) {
    List<Double> gold = evaluations.stream().flatMap(e -> e.goldScore().stream()).toList();
    return new PolicySummary(
        evaluations.get(0).checkpointId(),
        Estimate.of(evaluations.stream().map(Evaluation::score).toList()),
        gold.isEmpty() ? Optional.empty() : Optional.of(Estimate.of(gold)),
        Estimate.of(evaluations.stream().map(Evaluation::klToReference).toList()),
        Estimate.of(evaluations.stream().map(e -> (double) e.responseTokens()).toList()));
  }
}
