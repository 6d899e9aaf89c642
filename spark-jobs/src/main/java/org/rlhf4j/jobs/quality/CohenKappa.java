package org.rlhf4j.jobs.quality;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Agreement of two annotators beyond chance. */
final class CohenKappa {
  /** Items to which one annotator gave the first and the other the second label, by number. */
  record Cell(int first, int second, long items) {}

  private CohenKappa() {}

  /**
   * Cohen's kappa (Cohen 1960, Educational and Psychological Measurement 20:37) over the items that
   * both labelled. Empty if both always gave the same one label, so that chance explains all.
   */
  static OptionalDouble of(List<Cell> cells) {
    double items = 0;
    double agreeing = 0;
    Map<Integer, Double> first = new TreeMap<>();
    Map<Integer, Double> second = new TreeMap<>();
    for (Cell cell : cells) {
      items += cell.items();
      agreeing += cell.first() == cell.second() ? cell.items() : 0;
      first.merge(cell.first(), (double) cell.items(), Double::sum);
      second.merge(cell.second(), (double) cell.items(), Double::sum);
    }

    double chance = 0; // items^2 times the probability
    for (Map.Entry<Integer, Double> entry : first.entrySet()) {
      chance += entry.getValue() * second.getOrDefault(entry.getKey(), 0.0);
    }

    double all = items * items;
    return chance == all
        ? OptionalDouble.empty()
        : OptionalDouble.of((agreeing * items - chance) / (all - chance));
  }
}
