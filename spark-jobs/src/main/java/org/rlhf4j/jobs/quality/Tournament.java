package org.rlhf4j.jobs.quality;

import java.io.Serializable;

/**
 * All comparisons inside one group, such as the responses to one prompt. N things, E pairs of
 * things that were compared, V votes on them.
 *
 * @param names in order, [N]
 * @param left number of one thing of each pair, [E]
 * @param right number of the other thing, [E]
 * @param wins how often the left and the right one won, as votes weigh, a tie as half a win of
 *     either, [2][E]
 * @param starts place of each pair's first vote, and of none, [E + 1]
 * @param votes by pair, then by annotator, see {@link #packed}, [V]
 * @param records votes won, lost and tied by each thing, [3][N]
 */
record Tournament(
    String group,
    String[] names,
    int[] left,
    int[] right,
    double[][] wins,
    int[] starts,
    int[] votes,
    int[][] records)
    implements Serializable {
  static final int WON = 0;
  static final int LOST = 1;
  static final int TIED = 2;

  private static final int CHOICE_BITS = 2;

  int things() {
    return names.length;
  }

  /** Annotator and choice of a vote in one number. */
  static int packed(int annotator, int choice) {
    return annotator << CHOICE_BITS | choice;
  }

  int annotator(int vote) {
    return votes[vote] >>> CHOICE_BITS;
  }

  /** 1 of a vote for the left thing, 0 for the right one, and half for neither. */
  double leftShare(int vote) {
    int choice = votes[vote] & ((1 << CHOICE_BITS) - 1);
    return choice == CodedItem.TIE ? 0.5 : choice == CodedItem.LEFT ? 1 : 0;
  }

  /** What comparisons connect. */
  Components components() {
    return Components.connected(things(), left, right);
  }
}
