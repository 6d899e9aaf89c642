package org.rlhf4j.jobs.quality;

import java.util.Arrays;

/**
 * Things of which each can be reached from each along directed edges (Kosaraju's two passes,
 * without recursion). N things.
 */
final class StrongComponents {
  private final int[][] next;
  private final int[][] before;

  /**
   * @param from start of each edge
   * @param to its end
   */
  StrongComponents(int things, int[] from, int[] to) {
    this.next = neighbours(things, from, to);
    this.before = neighbours(things, to, from);
  }

  /** Ends of the edges from each thing, ascending, [N][]. */
  int[][] next() {
    return next;
  }

  /** One and the same thing for all of a component, [N]. */
  int[] roots() {
    int things = next.length;
    int[] order = new int[things];
    boolean[] isSeen = new boolean[things];
    int[] stack = new int[things];
    int[] nextEdge = new int[things];
    int finished = 0;
    for (int i = 0; i < things; i++) {
      nextEdge[0] = 0;
      finished = isSeen[i] ? finished : finish(i, isSeen, order, finished, stack, nextEdge);
    }

    int[] roots = new int[things];
    Arrays.fill(roots, -1);
    for (int i = things - 1; i >= 0; i--) {
      if (roots[order[i]] < 0) {
        collect(order[i], roots, stack);
      }
    }

    return roots;
  }

  /**
   * Depth first; appends things in the order in which they are finished.
   *
   * @param stack room for the way to a thing, [N]
   * @param nextEdge room for the next edge of each thing on it, the first one's set to 0, [N]
   */
  private int finish(
      int start, boolean[] isSeen, int[] order, int finishedBefore, int[] stack, int[] nextEdge) {
    int finished = finishedBefore;
    int depth = 0;
    stack[0] = start;
    isSeen[start] = true;
    while (depth >= 0) {
      int node = stack[depth];
      if (nextEdge[depth] == next[node].length) {
        order[finished++] = node;
        depth--;
        continue;
      }

      int other = next[node][nextEdge[depth]++];
      if (!isSeen[other]) {
        isSeen[other] = true;
        stack[++depth] = other;
        nextEdge[depth] = 0;
      }
    }

    return finished;
  }

  /**
   * @param stack room, [N]
   */
  private void collect(int root, int[] roots, int[] stack) {
    int size = 0;
    stack[size++] = root;
    roots[root] = root;
    while (size > 0) {
      int node = stack[--size];
      for (int other : before[node]) {
        if (roots[other] < 0) {
          roots[other] = root;
          stack[size++] = other;
        }
      }
    }
  }

  private static int[][] neighbours(int things, int[] from, int[] to) {
    int[][] edges = Components.grouped(from.length, things, e -> from[e]);
    for (int[] own : edges) {
      for (int k = 0; k < own.length; k++) {
        own[k] = to[own[k]];
      }
      Arrays.sort(own);
    }

    return edges;
  }
}
