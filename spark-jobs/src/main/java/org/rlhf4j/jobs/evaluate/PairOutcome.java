package org.rlhf4j.jobs.evaluate;

import java.io.Serializable;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.rlhf4j.config.EnsembleConfig;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.rlhf.EnsembleScore;

/**
 * How judges see one comparison.
 *
 * @param pairId identifies the comparison
 * @param promptId comparisons of one prompt are not independent
 * @param split of the comparison
 * @param isLeftOut whether the pair is over the length limits; it has no scores then
 * @param chosenScore the reward model's
 * @param rejectedScore the same of the other response
 * @param goldMargin the gold judge's score of the chosen minus that of the rejected response; NaN
 *     without one
 * @param lengthMargin characters of the chosen minus those of the rejected response
 * @param source of the comparison
 * @param labelMargin by how much the chosen response is better, as the annotator says; NaN where
 *     nothing is said
 * @param annotator who compared; empty where that is not known
 */
record PairOutcome(
    String pairId,
    String promptId,
    Split split,
    boolean isLeftOut,
    double chosenScore,
    double rejectedScore,
    double goldMargin,
    int lengthMargin,
    String source,
    double labelMargin,
    String annotator)
    implements Serializable {
  static final double NO_GOLD = Double.NaN;
  static final double NO_MARGIN = Double.NaN;
  static final String NOBODY = "";

  /**
   * The same comparison by an ensemble; left out where a member leaves it out.
   *
   * @param members what each of them says, in order
   */
  static PairOutcome of(List<PairOutcome> members, EnsembleConfig config) {
    PairOutcome first = members.get(0);
    if (members.stream().anyMatch(member -> !member.pairId.equals(first.pairId))) {
      throw new IllegalArgumentException("These are outcomes of different comparisons");
    }
    return new PairOutcome(
        first.pairId,
        first.promptId,
        first.split,
        members.stream().anyMatch(PairOutcome::isLeftOut),
        together(members, PairOutcome::chosenScore, config),
        together(members, PairOutcome::rejectedScore, config),
        first.goldMargin,
        first.lengthMargin,
        first.source,
        first.labelMargin,
        first.annotator);
  }

  private static double together(
      List<PairOutcome> members, ToDoubleFunction<PairOutcome> score, EnsembleConfig config) {
    return EnsembleScore.of(members.stream().mapToDouble(score).toArray(), config).score();
  }

  /** The reward model's score of the chosen minus that of the rejected response. */
  double margin() {
    return chosenScore - rejectedScore;
  }

  /** Of both responses. */
  double meanScore() {
    return (chosenScore + rejectedScore) / 2;
  }

  /** 1 for agreement with the label, one half for a tie, 0 for disagreement. */
  static double accuracy(double margin) {
    if (margin == 0) {
      return 0.5;
    }
    return margin > 0 ? 1 : 0;
  }
}
