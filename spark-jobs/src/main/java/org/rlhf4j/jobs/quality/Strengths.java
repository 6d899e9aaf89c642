package org.rlhf4j.jobs.quality;

import java.util.Arrays;

/**
 * Strengths of the things of one group. N things, E pairs.
 *
 * @param values mean 0 in each component, [N]
 * @param errors their standard errors, [N]
 * @param isConverged whether the search for them had arrived
 */
record Strengths(double[] values, double[] errors, boolean isConverged) {
  /** Things of one component up to which the matrix of second derivatives is inverted. */
  static final int MAX_DENSE = 600;

  /**
   * Centres strengths and finds their errors: those of the centred strengths from the inverse of
   * the information; in components of more than {@link #MAX_DENSE} things from the thing's own
   * information alone, which takes its opponents' strengths as known.
   *
   * @param weights information on the difference of each pair, [E]
   */
  static Strengths centred(
      NewtonSolver found, Components components, int[] left, int[] right, double[] weights) {
    double[] own = found.priorInformation();
    double[] values = found.values().clone();
    double[] errors = new double[values.length];
    for (int c = 0; c < components.members().length; c++) {
      int[] members = components.members()[c];
      int[] pairs = components.pairs()[c];
      if (members.length > MAX_DENSE) {
        fillOwnErrors(members, pairs, left, right, weights, own, errors);
      } else if (members.length > 1) {
        double[][] information = information(components, c, left, right, weights, own);
        fillCentredErrors(new Cholesky(information).inverse(), members, errors);
      }

      double mean = Arrays.stream(members).mapToDouble(i -> values[i]).sum() / members.length;
      for (int i : members) {
        values[i] -= mean;
      }
    }

    return new Strengths(values, errors, found.isConverged());
  }

  /** Minus the second derivatives of the log-posterior of one component, [n][n]. */
  private static double[][] information(
      Components components, int c, int[] left, int[] right, double[] weights, double[] own) {
    int[] members = components.members()[c];
    double[][] information = new double[members.length][members.length];
    double all = 0;
    for (int e : components.pairs()[c]) {
      int i = components.places()[left[e]];
      int j = components.places()[right[e]];
      information[i][i] += weights[e];
      information[j][j] += weights[e];
      information[i][j] -= weights[e];
      information[j][i] -= weights[e];
      all += weights[e];
    }

    // Without a prior nothing says where the mean is; what is added vanishes when it is taken out.
    double ofMean = own[members[0]] > 0 ? 0 : all / ((double) members.length * members.length);
    for (int m = 0; m < members.length; m++) {
      information[m][m] += own[members[m]];
      for (int k = 0; k < members.length; k++) {
        information[m][k] += ofMean;
      }
    }

    return information;
  }

  /** Variances of s_i minus the mean of all s: C V C for the centring matrix C. */
  private static void fillCentredErrors(double[][] covariance, int[] members, double[] errors) {
    int n = members.length;
    double[] rows = new double[n];
    double all = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        rows[i] += covariance[i][j];
      }
      all += rows[i];
    }

    for (int i = 0; i < n; i++) {
      double variance = covariance[i][i] - 2 * rows[i] / n + all / ((double) n * n);
      errors[members[i]] = Math.sqrt(Math.max(0, variance));
    }
  }

  private static void fillOwnErrors(
      int[] members,
      int[] pairs,
      int[] left,
      int[] right,
      double[] weights,
      double[] own,
      double[] errors) {
    for (int i : members) {
      errors[i] = own[i];
    }

    for (int e : pairs) {
      errors[left[e]] += weights[e];
      errors[right[e]] += weights[e];
    }

    for (int i : members) {
      errors[i] = 1 / Math.sqrt(errors[i]);
    }
  }
}
