package org.rlhf4j.jobs.quality;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Strengths s by which thing i beats thing j with probability sigma(s_i - s_j) (Bradley and Terry
 * 1952, Biometrika 39:324).
 *
 * <p>Every thing also has {@code prior} wins and as many losses against one of strength 0, which
 * keeps strengths finite where one side always wins (the virtual node of Chen et al. 2013, section
 * 4.2). Components of few things are solved by Newton's method, larger ones by
 * minorisation-maximisation (Hunter 2004, Annals of Statistics 32:384, eq. 3). N things, E pairs.
 */
final class BradleyTerry {
  /** Things of one component up to which the matrix of second derivatives is inverted. */
  static final int MAX_DENSE = 600;

  private static final int MAX_NEWTON = 100;
  private static final int MAX_MM = 20_000;
  private static final double TOLERANCE = 1e-10;

  private final int things;
  private final int[] left;
  private final int[] right;
  private final double[][] wins;
  private final double prior;

  /**
   * @param values strengths, mean 0 in each component, [N]
   * @param errors their standard errors, [N]
   */
  record Strengths(double[] values, double[] errors) {}

  /**
   * @param left number of one thing of each pair, [E]
   * @param right number of the other, [E]
   * @param wins how often the left and the right one won, [2][E]
   * @param prior wins, and losses, against a thing of strength 0
   */
  BradleyTerry(int things, int[] left, int[] right, double[][] wins, double prior) {
    this.things = things;
    this.left = left;
    this.right = right;
    this.wins = wins;
    this.prior = prior;
  }

  /**
   * Most probable strengths, not centred, [N].
   *
   * @param members things by component
   */
  double[] solve(int[][] members) {
    double[] strengths = new double[things];
    int[][] edges = edges(members);
    for (int component = 0; component < members.length; component++) {
      improve(strengths, members[component], edges[component], MAX_NEWTON);
    }

    return strengths;
  }

  /** Makes the strengths of one component more probable, by at most so many Newton steps. */
  private void improve(double[] strengths, int[] members, int[] edges, int maxSteps) {
    if (members.length > MAX_DENSE) {
      minorize(strengths, members, edges);
      return;
    }

    int[] places = places(members);
    for (int step = 0; step < maxSteps; step++) {
      double[] gradient = gradient(strengths, members, edges, places);
      double[] change =
          new Cholesky(information(strengths, members, edges, places)).solve(gradient);
      double largest = 0;
      for (double c : change) {
        largest = Math.max(largest, Math.abs(c));
      }

      double scale = largest > 1 ? 1 / largest : 1; // damped far from the optimum
      for (int m = 0; m < members.length; m++) {
        strengths[members[m]] += scale * change[m];
      }

      if (largest < TOLERANCE) {
        return;
      }
    }
  }

  /**
   * Centres the strengths and adds standard errors: those of the centred strengths from the inverse
   * of the observed information; of large components from the thing's own information alone, which
   * takes its opponents' strengths as known.
   *
   * @param strengths as {@link #solve} gives them; centred here
   */
  Strengths withErrors(double[] strengths, int[][] members) {
    double[] errors = new double[things];
    int[][] edges = edges(members);
    for (int component = 0; component < members.length; component++) {
      int[] own = members[component];
      if (own.length <= MAX_DENSE) {
        double[][] information = information(strengths, own, edges[component], places(own));
        double[][] covariance = new Cholesky(information).inverse();
        fillCentredErrors(covariance, own, errors);
      } else {
        fillOwnErrors(strengths, own, edges[component], errors);
      }

      double mean = Arrays.stream(own).mapToDouble(i -> strengths[i]).sum() / own.length;
      for (int i : own) {
        strengths[i] -= mean;
      }
    }

    return new Strengths(strengths, errors);
  }

  /** Variances of s_i minus the mean of all s: C V C for the centring matrix C. */
  static void fillCentredErrors(double[][] covariance, int[] members, double[] errors) {
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

  private void fillOwnErrors(double[] strengths, int[] members, int[] edges, double[] errors) {
    double[] information = new double[things];
    for (int e : edges) {
      double weight = weight(strengths, e);
      information[left[e]] += weight;
      information[right[e]] += weight;
    }

    for (int i : members) {
      errors[i] = 1 / Math.sqrt(information[i] + priorInformation(strengths[i]));
    }
  }

  private double[] gradient(double[] strengths, int[] members, int[] edges, int[] places) {
    double[] gradient = new double[members.length];
    for (int e : edges) {
      double expected = sigmoid(strengths[left[e]] - strengths[right[e]]);
      double excess = wins[0][e] * (1 - expected) - wins[1][e] * expected;
      gradient[places[left[e]]] += excess;
      gradient[places[right[e]]] -= excess;
    }

    for (int m = 0; m < members.length; m++) {
      gradient[m] += prior * (1 - 2 * sigmoid(strengths[members[m]]));
    }

    return gradient;
  }

  /** Minus the second derivatives of the log-posterior, [n][n]. */
  private double[][] information(double[] strengths, int[] members, int[] edges, int[] places) {
    double[][] information = new double[members.length][members.length];
    for (int e : edges) {
      int i = places[left[e]];
      int j = places[right[e]];
      double weight = weight(strengths, e);
      information[i][i] += weight;
      information[j][j] += weight;
      information[i][j] -= weight;
      information[j][i] -= weight;
    }

    for (int m = 0; m < members.length; m++) {
      information[m][m] += priorInformation(strengths[members[m]]);
    }

    return information;
  }

  private double weight(double[] strengths, int e) {
    double expected = sigmoid(strengths[left[e]] - strengths[right[e]]);
    return (wins[0][e] + wins[1][e]) * expected * (1 - expected);
  }

  private double priorInformation(double strength) {
    double expected = sigmoid(strength);
    return 2 * prior * expected * (1 - expected);
  }

  private void minorize(double[] strengths, int[] members, int[] edges) {
    double[] won = new double[things];
    for (int e : edges) {
      won[left[e]] += wins[0][e];
      won[right[e]] += wins[1][e];
    }

    double[] games = new double[things];
    for (int step = 0; step < MAX_MM; step++) {
      for (int i : members) {
        games[i] = 2 * prior * sigmoid(strengths[i]);
      }

      for (int e : edges) {
        double expected = sigmoid(strengths[left[e]] - strengths[right[e]]);
        games[left[e]] += (wins[0][e] + wins[1][e]) * expected;
        games[right[e]] += (wins[0][e] + wins[1][e]) * (1 - expected);
      }

      double largest = 0;
      for (int i : members) {
        double change = Math.log((won[i] + prior) / games[i]);
        strengths[i] += change;
        largest = Math.max(largest, Math.abs(change));
      }

      if (largest < TOLERANCE) {
        return;
      }
    }
  }

  /** Place of each member among the members, [N]. */
  private int[] places(int[] members) {
    int[] places = new int[things];
    for (int m = 0; m < members.length; m++) {
      places[members[m]] = m;
    }

    return places;
  }

  /** Pairs by component. */
  private int[][] edges(int[][] members) {
    int[] components = new int[things];
    for (int c = 0; c < members.length; c++) {
      for (int i : members[c]) {
        components[i] = c;
      }
    }

    return grouped(left.length, members.length, e -> components[left[e]]);
  }

  /** Numbers below {@code size} by their group, ascending. */
  static int[][] grouped(int size, int groups, IntUnaryOperator groupOf) {
    int[] counts = new int[groups];
    for (int i = 0; i < size; i++) {
      counts[groupOf.applyAsInt(i)]++;
    }

    int[][] grouped = new int[groups][];
    Arrays.setAll(grouped, g -> new int[counts[g]]);
    Arrays.fill(counts, 0);
    for (int i = 0; i < size; i++) {
      int group = groupOf.applyAsInt(i);
      grouped[group][counts[group]++] = i;
    }

    return grouped;
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
