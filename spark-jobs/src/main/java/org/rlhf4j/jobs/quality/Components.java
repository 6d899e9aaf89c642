package org.rlhf4j.jobs.quality;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Things that comparisons connect; strengths mean nothing between components. N things, E pairs, C
 * components.
 *
 * @param members things by component, [C][]
 * @param pairs numbers of the pairs inside each component, [C][]
 * @param places of each thing among the members of its component, [N]
 */
record Components(int[][] members, int[][] pairs, int[] places) {
  private static final int BETWEEN = -1;

  /**
   * What any comparisons connect, by union and find; in the order of their first things.
   *
   * @param left ends of the pairs, [E]
   * @param right as above
   */
  static Components connected(int things, int[] left, int[] right) {
    int[] parents = new int[things];
    for (int i = 0; i < things; i++) {
      parents[i] = i;
    }

    for (int e = 0; e < left.length; e++) {
      int first = root(parents, left[e]);
      int second = root(parents, right[e]);
      parents[Math.max(first, second)] = Math.min(first, second);
    }

    int[] roots = new int[things];
    Arrays.setAll(roots, i -> root(parents, i));
    return of(numbered(roots), left, right);
  }

  /**
   * Things that are connected by wins in both directions, inside which there are most likely
   * strengths (Ford 1957, American Mathematical Monthly 64:28); of things apart one is infinitely
   * stronger, or they were never compared.
   *
   * @param wins of the left and the right thing of each pair, [2][E]
   */
  static Components ofMaximumLikelihood(int things, int[] left, int[] right, double[][] wins) {
    int[] winners = new int[2 * left.length];
    int[] losers = new int[2 * left.length];
    int size = 0;
    for (int e = 0; e < left.length; e++) {
      for (int side = 0; side < 2; side++) {
        if (wins[side][e] > 0) {
          winners[size] = side == 0 ? left[e] : right[e];
          losers[size++] = side == 0 ? right[e] : left[e];
        }
      }
    }

    StrongComponents strong =
        new StrongComponents(things, Arrays.copyOf(winners, size), Arrays.copyOf(losers, size));
    return of(numbered(strong.roots()), left, right);
  }

  /**
   * @param components number of each thing's, [N]
   */
  private static Components of(int[] components, int[] left, int[] right) {
    int count = Arrays.stream(components).max().orElse(-1) + 1;
    int[][] members = grouped(components.length, count, i -> components[i]);
    int[][] pairs =
        grouped(
            left.length,
            count,
            e -> components[left[e]] == components[right[e]] ? components[left[e]] : BETWEEN);
    int[] places = new int[components.length];
    for (int[] own : members) {
      for (int m = 0; m < own.length; m++) {
        places[own[m]] = m;
      }
    }

    return new Components(members, pairs, places);
  }

  /** Numbers from 0 in the order of the first things, for things that share a root, [N]. */
  static int[] numbered(int[] roots) {
    int[] numbers = new int[roots.length];
    Arrays.fill(numbers, BETWEEN);
    int[] components = new int[roots.length];
    int count = 0;
    for (int i = 0; i < roots.length; i++) {
      if (numbers[roots[i]] == BETWEEN) {
        numbers[roots[i]] = count++;
      }

      components[i] = numbers[roots[i]];
    }

    return components;
  }

  /** Numbers below {@code size} by their group, ascending; those of no group are left out. */
  static int[][] grouped(int size, int groups, IntUnaryOperator groupOf) {
    int[] counts = new int[groups];
    for (int i = 0; i < size; i++) {
      int group = groupOf.applyAsInt(i);
      if (group != BETWEEN) {
        counts[group]++;
      }
    }

    int[][] grouped = new int[groups][];
    Arrays.setAll(grouped, g -> new int[counts[g]]);
    Arrays.fill(counts, 0);
    for (int i = 0; i < size; i++) {
      int group = groupOf.applyAsInt(i);
      if (group != BETWEEN) {
        grouped[group][counts[group]++] = i;
      }
    }

    return grouped;
  }

  private static int root(int[] parents, int start) {
    int node = start;
    while (parents[node] != node) {
      parents[node] = parents[parents[node]];
      node = parents[node];
    }

    return node;
  }
}
