package org.rlhf4j.data.raw;

import java.util.Arrays;

/**
 * Strongly connected components of a directed graph in one walk without recursion (Tarjan 1972,
 * "Depth-first search and linear graph algorithms").
 */
final class Components {
  private static final int OPEN = -1;

  private final int nodes;
  private final long[] edges;
  private final int[] firstEdges;
  private final int[] nextEdges;

  /** Number of a node in order of discovery, from 1; 0 if it is not yet discovered, [N]. */
  private final int[] orders;

  /** Least order known to be reached from a node, [N]. */
  private final int[] lows;

  private final int[] components;
  private final int[] path;
  private final int[] unplaced;
  private int depth;
  private int unplacedCount;
  private int discovered;

  /**
   * @param edges (from, to) in the high and low half of a number, ascending
   */
  Components(int nodes, long[] edges) {
    this.nodes = nodes;
    this.edges = edges;
    this.firstEdges = firstEdges(nodes, edges);
    this.nextEdges = firstEdges.clone();
    this.orders = new int[nodes];
    this.lows = new int[nodes];
    this.components = new int[nodes];
    this.path = new int[nodes];
    this.unplaced = new int[nodes];
  }

  /** A number for each node, the same for nodes of one component, [N]. */
  int[] find() {
    Arrays.fill(components, OPEN);
    for (int node = 0; node < nodes; node++) {
      if (orders[node] == 0) {
        walk(node);
      }
    }

    return components;
  }

  private void walk(int start) {
    discover(start);
    while (depth > 0) {
      int node = path[depth - 1];
      if (nextEdges[node] == firstEdges[node + 1]) {
        leave(node);
        continue;
      }

      int next = (int) edges[nextEdges[node]];
      nextEdges[node]++;
      if (orders[next] == 0) {
        discover(next);
      } else if (components[next] == OPEN) {
        lows[node] = Math.min(lows[node], orders[next]);
      }
    }
  }

  private void discover(int node) {
    discovered++;
    orders[node] = discovered;
    lows[node] = discovered;
    path[depth] = node;
    depth++;
    unplaced[unplacedCount] = node;
    unplacedCount++;
  }

  private void leave(int node) {
    depth--;
    if (depth > 0) {
      int before = path[depth - 1];
      lows[before] = Math.min(lows[before], lows[node]);
    }

    boolean isRoot = lows[node] == orders[node];
    while (isRoot && components[node] == OPEN) {
      unplacedCount--;
      components[unplaced[unplacedCount]] = node;
    }
  }

  private static int[] firstEdges(int nodes, long[] edges) {
    int[] first = new int[nodes + 1];
    for (long edge : edges) {
      first[(int) (edge >>> 32) + 1]++;
    }

    for (int i = 0; i < nodes; i++) {
      first[i + 1] += first[i];
    }

    return first;
  }
}
