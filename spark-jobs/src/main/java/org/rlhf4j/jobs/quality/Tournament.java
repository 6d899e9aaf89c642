package org.rlhf4j.jobs.quality;

/**
 * All comparisons inside one group, such as the responses to one prompt. N things, E pairs of
 * things that were compared.
 *
 * @param names in order, [N]
 * @param left number of one thing of each pair, [E]
 * @param right number of the other thing, [E]
 * @param wins how often the left and the right one won, as votes weigh, a tie as half a win of
 *     either, [2][E]
 * @param records votes won, lost and tied by each thing, [3][N]
 */
record Tournament(
    String group, String[] names, int[] left, int[] right, double[][] wins, int[][] records) {
  static final int WON = 0;
  static final int LOST = 1;
  static final int TIED = 2;

  int things() {
    return names.length;
  }
}
