package org.rlhf4j.jobs.quality;

import java.util.Arrays;
import org.rlhf4j.jobs.quality.BradleyTerry.Strengths;

/** Strengths of one group by the annotator-aware model, centred and with standard errors. */
final class CrowdRanking {
  private CrowdRanking() {}

  /**
   * Errors from the expected information, with the reliabilities taken as known; of components with
   * more than {@link BradleyTerry#MAX_DENSE} things with the opponents' strengths as known, too.
   *
   * @param reliability by annotator, [A]
   */
  static Strengths of(Tournament tournament, double[] reliability, double prior, int[][] members) {
    CrowdStrengths found = new CrowdStrengths(tournament, reliability, prior);
    found.solve();
    double[] own = new double[tournament.things()];
    for (int i = 0; i < own.length; i++) {
      double expected = BradleyTerry.sigmoid(found.values()[i]);
      own[i] = 2 * prior * expected * (1 - expected);
    }

    double[] values = found.values().clone();
    double[] errors = new double[own.length];
    int[][] edges = edges(tournament, members);
    for (int c = 0; c < members.length; c++) {
      fillErrors(tournament, members[c], edges[c], found.weights(), own, errors);
      double mean = Arrays.stream(members[c]).mapToDouble(i -> values[i]).sum() / members[c].length;
      for (int i : members[c]) {
        values[i] -= mean;
      }
    }

    return new Strengths(values, errors);
  }

  private static int[][] edges(Tournament tournament, int[][] members) {
    int[] components = new int[tournament.things()];
    for (int c = 0; c < members.length; c++) {
      for (int i : members[c]) {
        components[i] = c;
      }
    }

    return BradleyTerry.grouped(
        tournament.left().length, members.length, e -> components[tournament.left()[e]]);
  }

  private static void fillErrors(
      Tournament tournament,
      int[] members,
      int[] edges,
      double[] weights,
      double[] own,
      double[] errors) {
    boolean isDense = members.length <= BradleyTerry.MAX_DENSE;
    double[][] information = new double[members.length][isDense ? members.length : 1];
    int[] places = new int[tournament.things()];
    for (int m = 0; m < members.length; m++) {
      places[members[m]] = m;
      information[m][isDense ? m : 0] = own[members[m]];
    }

    for (int e : edges) {
      int i = places[tournament.left()[e]];
      int j = places[tournament.right()[e]];
      information[i][isDense ? i : 0] += weights[e];
      information[j][isDense ? j : 0] += weights[e];
      if (isDense) {
        information[i][j] -= weights[e];
        information[j][i] -= weights[e];
      }
    }

    if (isDense) {
      BradleyTerry.fillCentredErrors(new Cholesky(information).inverse(), members, errors);
      return;
    }

    for (int m = 0; m < members.length; m++) {
      errors[members[m]] = 1 / Math.sqrt(information[m][0]);
    }
  }
}
