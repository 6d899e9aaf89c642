package org.rlhf4j.jobs.quality;

/**
 * Things that comparisons connect, by union and find. Strengths mean nothing between components.
 */
final class Components {
  private Components() {}

  /**
   * Component of each thing, numbered from 0 in the order of their first things, [N].
   *
   * @param left ends of the edges, [E]
   * @param right as above
   */
  static int[] of(int things, int[] left, int[] right) {
    int[] parents = new int[things];
    for (int i = 0; i < things; i++) {
      parents[i] = i;
    }

    for (int e = 0; e < left.length; e++) {
      int first = root(parents, left[e]);
      int second = root(parents, right[e]);
      parents[Math.max(first, second)] = Math.min(first, second);
    }

    int[] components = new int[things];
    int count = 0;
    for (int i = 0; i < things; i++) {
      int root = root(parents, i);
      components[i] = root == i ? count++ : components[root]; // a root comes before its tree
    }

    return components;
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
