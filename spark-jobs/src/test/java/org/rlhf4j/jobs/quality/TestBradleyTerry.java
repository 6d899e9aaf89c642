package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.rlhf4j.jobs.quality.BradleyTerry.Strengths;

/** The numbers come from {@code scripts/golden/annotators.py}. */
class TestBradleyTerry {
  private static final Offset<Double> SIX_DIGITS = within(1e-6);

  /** The published ones have four digits. */
  private static final Offset<Double> FOUR_DIGITS = within(1e-4);

  /** Agresti (1990), Table 10.10: baseball, wins of the row's team over the column's. */
  private static final int[][] BASEBALL = {
    {0, 7, 9, 7, 7, 9, 11},
    {6, 0, 7, 5, 11, 9, 9},
    {4, 6, 0, 7, 7, 8, 12},
    {6, 8, 6, 0, 6, 7, 10},
    {6, 2, 6, 7, 0, 7, 12},
    {4, 4, 5, 6, 6, 0, 6},
    {2, 4, 1, 3, 1, 7, 0}
  };

  @Test
  void publishedExample() {
    double[] strengths = fit(BASEBALL, 1e-6).values();

    double[] published = {1.5814, 1.4364, 1.2945, 1.2476, 1.1077, 0.6839, 0};
    for (int team = 0; team < published.length; team++) {
      assertThat(strengths[team] - strengths[6]).isCloseTo(published[team], FOUR_DIGITS);
    }
  }

  @Test
  void strengthsAndErrorsWithAPrior() {
    Strengths strengths = fit(BASEBALL, 1);

    double[] values = {0.516798, 0.375698, 0.237440, 0.191771, 0.055414, -0.357342, -1.019778};
    double[] errors = {0.204394, 0.201331, 0.199358, 0.198926, 0.198273, 0.202103, 0.227479};
    assertThat(strengths.values()).containsExactly(values, SIX_DIGITS);
    assertThat(strengths.errors()).containsExactly(errors, SIX_DIGITS);
  }

  @Test
  void whoAlwaysWinsIsFiniteAndComponentsDoNotMix() {
    int[] left = {0, 2};
    int[] right = {1, 3};
    double[][] wins = {{5, 1}, {0, 0}};
    int[] components = Components.of(5, left, right);
    int[][] members = BradleyTerry.grouped(5, 3, i -> components[i]);
    BradleyTerry model = new BradleyTerry(5, left, right, wins, 0.1);

    Strengths strengths = model.withErrors(model.solve(members), members);

    assertThat(components).containsExactly(0, 0, 1, 1, 2);
    double[] values = strengths.values();
    assertThat(values[0]).isGreaterThan(values[2]).isLessThan(10);
    assertThat(values[0]).isCloseTo(-values[1], SIX_DIGITS);
    assertThat(values[4]).isZero();
    // half of 5 (1 - sigma(2 s)) = 0.1 (2 sigma(s) - 1): the gradient at the optimum
    double excess = 5 * (1 - BradleyTerry.sigmoid(2 * values[0]));
    assertThat(excess).isCloseTo(0.1 * (2 * BradleyTerry.sigmoid(values[0]) - 1), within(1e-9));
  }

  @Test
  void largeComponentsAreSolvedToo() {
    int things = BradleyTerry.MAX_DENSE + 20;
    int edges = 10 * things;
    Random random = new Random(1);
    int[] left = new int[edges];
    int[] right = new int[edges];
    double[][] wins = new double[2][edges];
    for (int e = 0; e < edges; e++) {
      left[e] = e % things;
      right[e] = (left[e] + 1 + random.nextInt(things - 1)) % things;
      double better = BradleyTerry.sigmoid((right[e] - left[e]) / 200.0);
      wins[random.nextDouble() < better ? 1 : 0][e] = 1;
    }

    int[][] members = BradleyTerry.grouped(things, 1, i -> 0);
    BradleyTerry model = new BradleyTerry(things, left, right, wins, 0.1);
    double[] solved = model.solve(members);

    double[] gradient = new double[things];
    for (int e = 0; e < edges; e++) {
      double excess = wins[0][e] - BradleyTerry.sigmoid(solved[left[e]] - solved[right[e]]);
      gradient[left[e]] += excess;
      gradient[right[e]] -= excess;
    }
    for (int i = 0; i < things; i++) {
      assertThat(gradient[i] + 0.1 * (1 - 2 * BradleyTerry.sigmoid(solved[i])))
          .isCloseTo(0, within(1e-6));
    }
    double[] centred = model.withErrors(solved, members).values();
    assertThat(centred[things - 1]).isGreaterThan(centred[0]);
  }

  @Test
  void cyclesAreFoundOnceAndShortest() {
    // 0 > 1 > 2 > 3 > 0 with the short cut 2 > 0; 4 > 5 is none; 6 = 7 is undecided
    int[] left = {0, 1, 2, 0, 0, 4, 6};
    int[] right = {1, 2, 3, 3, 2, 5, 7};
    double[][] wins = {{2, 1, 1, 0, 1, 1, 1}, {1, 0, 0, 1, 3, 0, 1}};

    List<int[]> cycles = new Cycles(8, left, right, wins).list();

    assertThat(cycles).hasSize(1);
    assertThat(cycles.get(0)).containsExactly(0, 1, 2);
  }

  private static Strengths fit(int[][] won, double prior) {
    int things = won.length;
    int edges = things * (things - 1) / 2;
    int[] left = new int[edges];
    int[] right = new int[edges];
    double[][] wins = new double[2][edges];
    int e = 0;
    for (int i = 0; i < things; i++) {
      for (int j = i + 1; j < things; j++, e++) {
        left[e] = i;
        right[e] = j;
        wins[0][e] = won[i][j];
        wins[1][e] = won[j][i];
      }
    }

    int[][] members = BradleyTerry.grouped(things, 1, i -> 0);
    BradleyTerry model = new BradleyTerry(things, left, right, wins, prior);
    return model.withErrors(model.solve(members), members);
  }
}
