package org.rlhf4j.jobs.quality;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Agreement of two annotators beyond chance: Cohen's kappa (Cohen 1960, Educational and
 * Psychological Measurement 20:37) over the items that both labelled.
 */
final class CohenKappa {
  /** Items to which one annotator gave the first and the other the second label, by number. */
  record Cell(int first, int second, long items) {}

  private final Map<Integer, Long> first = new HashMap<>();
  private final Map<Integer, Long> second = new HashMap<>();
  private double items;
  private double agreeing;

  /** Items squared times the probability of equal labels by chance. */
  private double chance;

  CohenKappa(List<Cell> cells) {
    for (Cell cell : cells) {
      items += cell.items();
      agreeing += cell.first() == cell.second() ? cell.items() : 0;
      first.merge(cell.first(), cell.items(), Long::sum);
      second.merge(cell.second(), cell.items(), Long::sum);
    }

    first.forEach((label, count) -> chance += (double) count * count(second, label));
  }

  /** Empty if both always gave the same one label, so that chance explains all. */
  OptionalDouble value() {
    return value(items, agreeing, chance);
  }

  /** Kappa without one of the items of a cell. */
  OptionalDouble without(Cell cell) {
    boolean isEqual = cell.first() == cell.second();
    long fewer = count(second, cell.first()) + count(first, cell.second()) - (isEqual ? 1 : 0);
    return value(items - 1, agreeing - (isEqual ? 1 : 0), chance - fewer);
  }

  private static long count(Map<Integer, Long> labels, int label) {
    return labels.getOrDefault(label, 0L);
  }

  private static OptionalDouble value(double items, double agreeing, double chance) {
    double all = items * items;
    return chance == all
        ? OptionalDouble.empty()
        : OptionalDouble.of((agreeing * items - chance) / (all - chance));
  }
}
