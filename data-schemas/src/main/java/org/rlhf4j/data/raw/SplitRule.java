package org.rlhf4j.data.raw;

import java.io.Serializable;
import java.util.List;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.dataset.Split;

/**
 * Puts prompts into splits: a pure function of prompt id and seed, so that adding data moves no
 * row.
 *
 * @param validationShare expected share of prompts in validation
 * @param testShare expected share of prompts in test
 */
public record SplitRule(double validationShare, double testShare, long seed)
    implements Serializable {
  private static final double TWO_TO_53 = 1L << 53;

  /**
   * The hash of seed and id as a number u in [0, 1): test where u is below the test share,
   * validation in the next share, train in the rest. A larger validation share moves prompts from
   * train to validation only.
   */
  public Split of(String promptId) {
    String hash = RowIds.hash("split", List.of(Long.toString(seed), promptId));
    double u = (Long.parseUnsignedLong(hash.substring(0, 16), 16) >>> 11) / TWO_TO_53;
    if (u < testShare) {
      return Split.TEST;
    }

    return u < testShare + validationShare ? Split.VALIDATION : Split.TRAIN;
  }
}
