package org.rlhf4j.data.raw;

import java.util.Arrays;
import java.util.Optional;

/**
 * Who preferred what to what: finds verdicts that cannot all hold. Two opposite ones contradict
 * each other; longer circles are the verdicts inside a strongly connected component.
 *
 * <p>Kept in arrays of numbers, about 60 bytes a verdict, because one prompt may have millions of
 * verdicts (a set for classification has one prompt for all its rows).
 */
public final class VerdictGraph {
  private static final VerdictGraph NO_FAULT = new VerdictGraph(new VerdictList());

  private final long[] responses;
  private final long[] edges;
  private final int[] components;

  private VerdictGraph(VerdictList verdicts) {
    this.responses = verdicts.responses();
    this.edges = edges(verdicts);
    this.components = new Components(responses.length, edges).find();
  }

  public static VerdictGraph of(VerdictList verdicts) {
    return verdicts.size() < 2 ? NO_FAULT : new VerdictGraph(verdicts); // one alone cannot be wrong
  }

  /** What is wrong with a verdict of this graph; empty if all others can hold beside it. */
  public Optional<Reason> fault(Verdict verdict) {
    if (responses.length == 0) {
      return Optional.empty();
    }

    int winner = Arrays.binarySearch(responses, verdict.better());
    int loser = Arrays.binarySearch(responses, verdict.worse());
    if (components[winner] != components[loser]) {
      return Optional.empty();
    }

    boolean isContradicted = Arrays.binarySearch(edges, edge(loser, winner)) >= 0;
    return Optional.of(isContradicted ? Reason.CONTRADICTORY_PAIR : Reason.PREFERENCE_CYCLE);
  }

  /** Positions of winner and loser in one number, each verdict once, ascending, [E]. */
  private long[] edges(VerdictList verdicts) {
    long[] all = new long[verdicts.size()];
    for (int i = 0; i < all.length; i++) {
      int winner = Arrays.binarySearch(responses, verdicts.better(i));
      int loser = Arrays.binarySearch(responses, verdicts.worse(i));
      all[i] = edge(winner, loser);
    }

    Arrays.sort(all);
    int count = 0;
    for (int i = 0; i < all.length; i++) {
      if (i == 0 || all[i] != all[i - 1]) {
        all[count] = all[i];
        count++;
      }
    }

    return count == all.length ? all : Arrays.copyOf(all, count);
  }

  private static long edge(int from, int to) {
    return (long) from << 32 | to;
  }
}
