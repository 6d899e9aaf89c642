package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
    Components components = Components.connected(5, left, right);

    Strengths strengths = BradleyTerry.strengths(components, left, right, wins, 0.1);

    assertThat(components.members()).isDeepEqualTo(new int[][] {{0, 1}, {2, 3}, {4}});
    assertThat(components.pairs()).isDeepEqualTo(new int[][] {{0}, {1}, {}});
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
    int things = Strengths.MAX_DENSE + 20;
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

    Components components = Components.connected(things, left, right);

    Strengths strengths = BradleyTerry.strengths(components, left, right, wins, 0.1);

    assertThat(components.members().length).isEqualTo(1);
    assertThat(strengths.isConverged()).isTrue();
    double[] solved = strengths.values();
    double[] gradient = new double[things];
    for (int e = 0; e < edges; e++) {
      double excess = wins[0][e] - BradleyTerry.sigmoid(solved[left[e]] - solved[right[e]]);
      gradient[left[e]] += excess;
      gradient[right[e]] -= excess;
    }
    double shift = shift(solved);
    for (int i = 0; i < things; i++) {
      assertThat(gradient[i] + 0.1 * (1 - 2 * BradleyTerry.sigmoid(solved[i] + shift)))
          .isCloseTo(0, within(1e-6));
    }
    assertThat(solved[things - 1]).isGreaterThan(solved[0]);
    assertThat(strengths.errors()[0]).isBetween(0.1, 2.0);
  }

  /** What centring took away: at the optimum the prior's part of the gradient has sum 0. */
  private static double shift(double[] centred) {
    double low = -50;
    double high = 50;
    for (int step = 0; step < 100; step++) {
      double middle = (low + high) / 2;
      double sum = 0;
      for (double strength : centred) {
        sum += 1 - 2 * BradleyTerry.sigmoid(strength + middle);
      }

      low = sum > 0 ? middle : low;
      high = sum > 0 ? high : middle;
    }

    return low;
  }

  @Test
  void maximumLikelihoodHasNoPrior() {
    Strengths strengths = fit(BASEBALL, 0);

    Strengths nearly = fit(BASEBALL, 1e-6);
    assertThat(strengths.values()).containsExactly(nearly.values(), within(1e-5));
    assertThat(strengths.errors()).containsExactly(nearly.errors(), within(1e-5));
    double first = 0; // expected wins are the wins
    for (int other = 1; other < 7; other++) {
      int games = BASEBALL[0][other] + BASEBALL[other][0];
      first +=
          games * BradleyTerry.sigmoid(strengths.values()[0] - strengths.values()[other])
              - BASEBALL[0][other];
    }
    assertThat(first).isCloseTo(0, within(1e-9));
  }

  /** 0 beats 1 and 2 always, which beat each other; 3 and 4 were never compared with them. */
  @Test
  void maximumLikelihoodExistsAmongThoseWhoBeatEachOther() {
    int[] left = {0, 0, 1, 3};
    int[] right = {1, 2, 2, 4};
    double[][] wins = {{5, 2, 3, 1}, {0, 0, 1, 0}};

    Components components = Components.ofMaximumLikelihood(5, left, right, wins);
    Strengths strengths = BradleyTerry.strengths(components, left, right, wins, 0);

    assertThat(components.members()).isDeepEqualTo(new int[][] {{0}, {1, 2}, {3}, {4}});
    assertThat(strengths.isConverged()).isTrue();
    double half = Math.log(3) / 2; // 3 wins to 1
    assertThat(strengths.values())
        .containsExactly(new double[] {0, half, -half, 0, 0}, within(1e-9));
    double error = Math.sqrt(1 / (4 * 0.75 * 0.25)) / 2; // half of that of the difference
    assertThat(strengths.errors())
        .containsExactly(new double[] {0, error, error, 0, 0}, within(1e-9));
  }

  /** A room for all things of the group in each component would take a minute. */
  @Test
  @Timeout(20)
  void manySmallComponentsTakeNoLongerThanTheirThings() {
    int rings = 100_000;
    String[] names = new String[3 * rings];
    int[] left = new int[names.length];
    int[] right = new int[names.length];
    double[][] wins = new double[2][names.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = Integer.toString(1_000_000 + i);
      left[i] = i % 3 == 2 ? i - 2 : i;
      right[i] = i % 3 == 2 ? i : i + 1;
      wins[i % 3 == 2 ? 1 : 0][i] = 1;
    }
    Tournament tournament =
        new Tournament(
            "g",
            names,
            left,
            right,
            wins,
            new int[names.length + 1],
            new int[0],
            new int[3][names.length]);

    RankedGroup ranked = RankedGroup.of(tournament, 0.1, Optional.empty());

    assertThat(ranked.components()).isEqualTo(rings);
    assertThat(ranked.rings()).isEqualTo(rings);
    assertThat(ranked.rankings()).hasSize(names.length);
    assertThat(ranked.cycles().get(names.length - 1).beaten()).isEqualTo(names[names.length - 3]);
  }

  /** 0 > 1 > 2 > 3 > 0, and 3 > 1: the shortest ring is not that of the first thing. */
  @Test
  void theShortestCycleOfAllIsListed() {
    int[] left = {0, 1, 2, 0, 1};
    int[] right = {1, 2, 3, 3, 3};
    double[][] wins = {{1, 1, 1, 0, 0}, {0, 0, 0, 1, 1}};

    List<int[]> cycles = new Cycles(4, left, right, wins).list();

    assertThat(cycles).hasSize(1);
    assertThat(cycles.get(0)).containsExactly(1, 2, 3);
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

    Components components = Components.connected(things, left, right);
    return BradleyTerry.strengths(components, left, right, wins, prior);
  }
}
