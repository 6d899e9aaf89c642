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
  private final double chance;

  CohenKappa(List<Cell> cells) {
    for (Cell cell : cells) {
      items += cell.items();
      agreeing += cell.first() == cell.second() ? cell.items() : 0;
      first.merge(cell.first(), cell.items(), Long::sum);
      second.merge(cell.second(), cell.items(), Long::sum);
    }

    chance = cross(first, second);
  }

  /** Empty if both always gave the same one label, so that chance explains all. */
  OptionalDouble value() {
    return value(items, agreeing, chance);
  }

  /** Kappa without some of the items. */
  OptionalDouble without(CohenKappa some) {
    double others = chance + some.chance - cross(first, some.second) - cross(some.first, second);
    return value(items - some.items, agreeing - some.agreeing, others);
  }

  /** Sum over labels of the products of their counts. */
  private static double cross(Map<Integer, Long> first, Map<Integer, Long> second) {
    double sum = 0;
    for (Map.Entry<Integer, Long> label : first.entrySet()) {
      sum += (double) label.getValue() * second.getOrDefault(label.getKey(), 0L);
    }

    return sum;
  }

  private static OptionalDouble value(double items, double agreeing, double chance) {
    double all = items * items;
    return chance == all
        ? OptionalDouble.empty()
        : OptionalDouble.of((agreeing * items - chance) / (all - chance));
  }
}
