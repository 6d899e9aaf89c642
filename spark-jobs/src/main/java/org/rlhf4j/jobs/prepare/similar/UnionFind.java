package org.rlhf4j.jobs.prepare.similar;

import java.util.Arrays;
import java.util.List;

/** Connected components in memory: union by least id with path halving. */
final class UnionFind {
  private final long[] ids;
  private final int[] parents;

  private UnionFind(long[] ids) {
    this.ids = ids;
    this.parents = new int[ids.length];
    Arrays.setAll(parents, i -> i);
  }

  /**
   * @param edges left and right id in turn, in arrays of any length
   */
  static Clusters of(List<long[]> edges) {
    UnionFind components = new UnionFind(LongArrays.sortedSet(edges));
    for (long[] part : edges) {
      for (int i = 0; i < part.length; i += 2) {
        components.union(part[i], part[i + 1]);
      }
    }

    return components.clusters();
  }

  private void union(long left, long right) {
    int one = root(Arrays.binarySearch(ids, left));
    int other = root(Arrays.binarySearch(ids, right));
    parents[Math.max(one, other)] = Math.min(one, other);
  }

  private int root(int node) {
    int root = node;
    while (parents[root] != root) {
      parents[root] = parents[parents[root]];
      root = parents[root];
    }

    return root;
  }

  private Clusters clusters() {
    long[] clusters = new long[ids.length];
    for (int i = 0; i < clusters.length; i++) {
      clusters[i] = ids[root(i)];
    }

    return new Clusters(ids, clusters);
  }
}
