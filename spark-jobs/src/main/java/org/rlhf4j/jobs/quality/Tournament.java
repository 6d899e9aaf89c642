package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All comparisons inside one group, such as the responses to one prompt. N things, E pairs of
 * things that were compared, V comparisons, in an order that depends on the names alone.
 *
 * @param names in order, [N]
 * @param left number of the smaller thing of each pair, [E]
 * @param right number of the larger thing, [E]
 * @param pairs number of the pair that each comparison is about, [V]
 * @param annotators who compared, [V]
 * @param isLeft whether the left thing was chosen, [V]
 */
record Tournament(
    String group,
    String[] names,
    int[] left,
    int[] right,
    int[] pairs,
    int[] annotators,
    boolean[] isLeft)
    implements Serializable {

  /** Items with the same two things are one pair. */
  static Tournament of(String group, Iterable<CodedItem> items) {
    List<CodedItem> ordered = new ArrayList<>();
    TreeSet<String> found = new TreeSet<>();
    int votes = 0;
    for (CodedItem item : items) {
      ordered.add(item);
      found.addAll(item.contest().subList(1, 3));
      votes += item.comparisons();
    }

    ordered.sort(
        Comparator.comparing((CodedItem item) -> item.contest().get(1))
            .thenComparing(item -> item.contest().get(2))
            .thenComparing(CodedItem::item));
    Map<String, Integer> numbers = new TreeMap<>();
    found.forEach(name -> numbers.put(name, numbers.size()));
    return new Builder(votes).build(group, found.toArray(String[]::new), numbers, ordered);
  }

  int things() {
    return names.length;
  }

  /**
   * How often the left and the right thing of each pair won, [2][E].
   *
   * @param faithful probability that a comparison says what it should, [V]; the other side gets the
   *     rest
   */
  double[][] wins(double[] faithful) {
    double[][] wins = new double[2][left.length];
    for (int v = 0; v < pairs.length; v++) {
      int side = isLeft[v] ? 0 : 1;
      wins[side][pairs[v]] += faithful[v];
      wins[1 - side][pairs[v]] += 1 - faithful[v];
    }

    return wins;
  }

  /** The same where every comparison is taken at its word. */
  double[][] wins() {
    double[] faithful = new double[pairs.length];
    Arrays.fill(faithful, 1);
    return wins(faithful);
  }

  private static final class Builder {
    private final List<int[]> sides = new ArrayList<>();
    private final int[] pairs;
    private final int[] annotators;
    private final boolean[] isLeft;
    private int votes;

    Builder(int votes) {
      this.pairs = new int[votes];
      this.annotators = new int[votes];
      this.isLeft = new boolean[votes];
    }

    Tournament build(
        String group, String[] names, Map<String, Integer> numbers, List<CodedItem> ordered) {
      for (CodedItem item : ordered) {
        int first = numbers.get(item.contest().get(1));
        int second = numbers.get(item.contest().get(2));
        int[] last = sides.isEmpty() ? new int[] {-1, -1} : sides.get(sides.size() - 1);
        if (last[0] != first || last[1] != second) {
          sides.add(new int[] {first, second});
        }

        addVotes(item);
      }

      int[] left = sides.stream().mapToInt(side -> side[0]).toArray();
      int[] right = sides.stream().mapToInt(side -> side[1]).toArray();
      return new Tournament(group, names, left, right, pairs, annotators, isLeft);
    }

    private void addVotes(CodedItem item) {
      for (int v = 0; v < item.votes(); v++) {
        if (item.choices()[v] != CodedItem.UNKNOWN) {
          pairs[votes] = sides.size() - 1;
          annotators[votes] = item.annotators()[v];
          isLeft[votes++] = item.choices()[v] == CodedItem.LEFT;
        }
      }
    }
  }
}
