package org.rlhf4j.jobs.quality;

/**
 * Strengths s by which thing i beats thing j with probability sigma(s_i - s_j) (Bradley and Terry
 * 1952, Biometrika 39:324); see {@link NewtonSolver} for the prior. N things, E pairs.
 */
final class BradleyTerry implements NewtonSolver.Likelihood {
  private final int[] left;
  private final int[] right;
  private final double[][] wins;

  private BradleyTerry(int[] left, int[] right, double[][] wins) {
    this.left = left;
    this.right = right;
    this.wins = wins;
  }

  /**
   * Most probable strengths, with errors from the observed information.
   *
   * @param components where prior is 0, those of {@link Components#ofMaximumLikelihood}
   * @param left number of one thing of each pair, [E]
   * @param right number of the other, [E]
   * @param wins how often the left and the right one won, [2][E]
   * @param prior wins, and losses, against a thing of strength 0
   */
  static Strengths strengths(
      Components components, int[] left, int[] right, double[][] wins, double prior) {
    BradleyTerry model = new BradleyTerry(left, right, within(components, wins));
    NewtonSolver solver = new NewtonSolver(components.places().length, left, right, prior, model);
    solver.solve();
    double[] weights = new double[left.length];
    model.at(solver.values(), new double[left.length], weights);
    return Strengths.centred(solver, components, left, right, weights);
  }

  /** The wins of pairs inside components: between them strengths mean nothing. */
  private static double[][] within(Components components, double[][] wins) {
    double[][] within = new double[2][wins[0].length];
    for (int[] pairs : components.pairs()) {
      for (int e : pairs) {
        within[0][e] = wins[0][e];
        within[1][e] = wins[1][e];
      }
    }

    return within;
  }

  @Override
  public double at(double[] strengths, double[] slopes, double[] curvatures) {
    double sum = 0;
    for (int e = 0; e < left.length; e++) {
      double difference = strengths[left[e]] - strengths[right[e]];
      double probability = sigmoid(difference);
      double games = wins[0][e] + wins[1][e];
      slopes[e] = wins[0][e] - games * probability;
      curvatures[e] = games * probability * (1 - probability);
      sum += wins[1][e] * -difference - games * Math.log1p(Math.exp(-difference));
    }

    return sum;
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
