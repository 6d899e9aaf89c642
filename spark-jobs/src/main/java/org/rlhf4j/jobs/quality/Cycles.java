package org.rlhf4j.jobs.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cycles in "more often chosen than": things that beat each other in a ring, which no strength can
 * explain. A shortest cycle of every strongly connected component, which is a set of things that
 * all lie in cycles with each other. N things, E pairs.
 *
 * <p>The shortest cycle through each thing is found breadth first, no further than the shortest so
 * far; things done with are left out. In components that take more than {@link #MAX_STEPS} looks
 * along an edge, it is the shortest cycle found up to there.
 */
final class Cycles {
  static final long MAX_STEPS = 50_000_000;

  /** Nothing can beat what beats it. */
  private static final int SHORTEST = 3;

  private static final int NOWHERE = -1;

  private final StrongComponents graph;
  private final int[] components;
  private final int[] previous;
  private final int[] depths;
  private final int[] queue;
  private final boolean[] isDone;
  private int queued;
  private long steps;

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

    this.graph = new StrongComponents(things, winners, losers);
    this.components = Components.numbered(graph.roots());
    this.previous = new int[things];
    this.depths = new int[things];
    this.queue = new int[things];
    this.isDone = new boolean[things];
    Arrays.fill(previous, NOWHERE);
  }

  /** Each cycle as things of which one beats the next, and the last the first. */
  List<int[]> list() {
    int count = Arrays.stream(components).max().orElse(-1) + 1;
    List<int[]> cycles = new ArrayList<>();
    for (int[] members : Components.grouped(components.length, count, i -> components[i])) {
      if (members.length > 1) {
        cycles.add(shortest(members));
      }
    }

    return cycles;
  }

  private int[] shortest(int[] members) {
    int[] shortest = {};
    int length = members.length + 1;
    steps = 0;
    for (int start : members) {
      int last = search(start, length);
      if (last != NOWHERE) {
        length = depths[last] + 1;
        shortest = path(last, length);
      }

      clear();
      isDone[start] = true;
      if (length == SHORTEST || (shortest.length > 0 && steps > MAX_STEPS)) {
        return shortest;
      }
    }

    return shortest;
  }

  /** The last thing of a shortest cycle from a thing with fewer than so many; or nowhere. */
  private int search(int start, int length) {
    queued = 0;
    queue[queued++] = start;
    depths[start] = 0;
    for (int begin = 0; begin < queued; begin++) {
      int thing = queue[begin];
      if (depths[thing] + 1 >= length) {
        return NOWHERE;
      }

      for (int next : graph.next()[thing]) {
        steps++;
        if (next == start) {
          return thing;
        }

        boolean isNew = previous[next] == NOWHERE && !isDone[next];
        if (isNew && components[next] == components[start]) {
          previous[next] = thing;
          depths[next] = depths[thing] + 1;
          queue[queued++] = next;
        }
      }
    }

    return NOWHERE;
  }

  private int[] path(int last, int length) {
    int[] path = new int[length];
    int node = last;
    for (int place = length - 1; place >= 0; place--) {
      path[place] = node;
      node = previous[node];
    }

    return path;
  }

  /** Forgets the last search, whose things are all in the queue. */
  private void clear() {
    for (int begin = 0; begin < queued; begin++) {
      previous[queue[begin]] = NOWHERE;
    }
  }
}
