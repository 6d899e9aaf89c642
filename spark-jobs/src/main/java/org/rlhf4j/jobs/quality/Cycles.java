package org.rlhf4j.jobs.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cycles in "more often chosen than": things that beat each other in a ring, which no strength can
 * explain. One shortest cycle through the first thing of every strongly connected component
 * (Kosaraju's two passes, without recursion). N things, E pairs.
 */
final class Cycles {
  private final int[][] beats;
  private final int[][] beatenBy;

  /**
   * @param wins of the left and the right thing of each pair, [2][E]
   */
  Cycles(int things, int[] left, int[] right, double[][] wins) {
    int[] decided = IntStream.range(0, left.length).filter(e -> wins[0][e] != wins[1][e]).toArray();
    int[] winners = new int[decided.length];
    int[] losers = new int[decided.length];
    for (int d = 0; d < decided.length; d++) {
      int e = decided[d];
      boolean isLeft = wins[0][e] > wins[1][e];
      winners[d] = isLeft ? left[e] : right[e];
      losers[d] = isLeft ? right[e] : left[e];
    }

    this.beats = neighbours(things, winners, losers);
    this.beatenBy = neighbours(things, losers, winners);
  }

  /** Each cycle as things of which one beats the next, and the last the first. */
  List<int[]> list() {
    int[] components = strongComponents();
    int[] sizes = new int[components.length];
    for (int component : components) {
      sizes[component]++;
    }

    List<int[]> cycles = new ArrayList<>();
    for (int i = 0; i < components.length; i++) {
      if (sizes[components[i]] > 1) {
        sizes[components[i]] = 0; // one cycle a component
        cycles.add(shortest(i, components));
      }
    }

    return cycles;
  }

  /** Breadth first from a thing back to itself, inside its component. */
  private int[] shortest(int start, int[] components) {
    int[] previous = new int[components.length];
    Arrays.fill(previous, -1);
    int[] queue = new int[components.length];
    int end = 0;
    queue[end++] = start;
    for (int begin = 0; begin < end; begin++) {
      for (int next : beats[queue[begin]]) {
        if (next == start) {
          return path(queue[begin], start, previous);
        }

        if (components[next] == components[start] && previous[next] < 0) {
          previous[next] = queue[begin];
          queue[end++] = next;
        }
      }
    }

    throw new IllegalStateException("A strongly connected component without a cycle");
  }

  private static int[] path(int last, int start, int[] previous) {
    List<Integer> reversed = new ArrayList<>();
    for (int node = last; node != start; node = previous[node]) {
      reversed.add(node);
    }

    reversed.add(start);
    int[] path = new int[reversed.size()];
    Arrays.setAll(path, i -> reversed.get(path.length - 1 - i));
    return path;
  }

  private int[] strongComponents() {
    int things = beats.length;
    int[] order = new int[things];
    boolean[] isSeen = new boolean[things];
    int[] stack = new int[things];
    int[] nextEdge = new int[things];
    int finished = 0;
    for (int i = 0; i < things; i++) {
      nextEdge[0] = 0;
      finished = isSeen[i] ? finished : finish(i, isSeen, order, finished, stack, nextEdge);
    }

    int[] components = new int[things];
    Arrays.fill(components, -1);
    for (int i = things - 1; i >= 0; i--) {
      if (components[order[i]] < 0) {
        collect(order[i], components);
      }
    }

    return components;
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
      if (nextEdge[depth] == beats[node].length) {
        order[finished++] = node;
        depth--;
        continue;
      }

      int next = beats[node][nextEdge[depth]++];
      if (!isSeen[next]) {
        isSeen[next] = true;
        stack[++depth] = next;
        nextEdge[depth] = 0;
      }
    }

    return finished;
  }

  private void collect(int root, int[] components) {
    List<Integer> stack = new ArrayList<>(List.of(root));
    components[root] = root;
    while (!stack.isEmpty()) {
      int node = stack.remove(stack.size() - 1);
      for (int next : beatenBy[node]) {
        if (components[next] < 0) {
          components[next] = root;
          stack.add(next);
        }
      }
    }
  }

  private static int[][] neighbours(int things, int[] from, int[] to) {
    int[][] edges = BradleyTerry.grouped(from.length, things, e -> from[e]);
    for (int[] own : edges) {
      for (int k = 0; k < own.length; k++) {
        own[k] = to[own[k]];
      }
      Arrays.sort(own);
    }

    return edges;
  }
}
