package org.rlhf4j.rlhf;

import java.util.Optional;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.data.dataset.FinishReason;

/** What the score of a response that ran into the length limit becomes. */
public final class MissingEnd {
  /** Name of the rule in the column {@code penalty}. */
  public static final String PENALTY = "missing-end";

  private MissingEnd() {}

  /**
   * A score after the rule.
   *
   * @param score final score, in the reward model's unit
   * @param penalty the rule's name where it changed the score
   */
  public record Judged(double score, Optional<String> penalty) {}

  /**
   * Applies the rule: {@code penalty} subtracts (the default), {@code replace} sets the score to
   * minus the penalty (as lm-human-preferences does), {@code none} leaves it.
   *
   * @param rawScore scalar at the last token
   */
  public static Judged judge(double rawScore, FinishReason finishReason, ScoreConfig config) {
    if (finishReason == FinishReason.STOP || config.missingEnd() == ScoreConfig.MissingEnd.NONE) {
      return new Judged(rawScore, Optional.empty());
    }
    double penalty = config.missingEndPenalty();
    double score =
        config.missingEnd() == ScoreConfig.MissingEnd.REPLACE ? -penalty : rawScore - penalty;
    return new Judged(score, Optional.of(PENALTY));
  }
}
