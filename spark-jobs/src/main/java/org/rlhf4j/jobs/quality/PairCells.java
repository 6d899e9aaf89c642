package org.rlhf4j.jobs.quality;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rlhf4j.jobs.quality.CohenKappa.Cell;

/**
 * Common items of a pair of annotators by the two labels, cluster by cluster: items of a cluster
 * are resampled together. Clusters with the same cells are counted, in all and in every replicate:
 * those of one item are of few kinds, while those of several, which nearly each are of their own
 * kind, take about 1 KiB each.
 */
final class PairCells {
  private static final Comparator<Cell> BY_LABELS =
      Comparator.comparingInt(Cell::first).thenComparingInt(Cell::second);

  private final byte[] weights;

  /** By the cells of its items: clusters, then those of each replicate. */
  private final Map<List<Cell>, int[]> clusters = new HashMap<>();

  /** Of the cluster at hand. */
  private long cluster;

  private final List<Cell> items = new ArrayList<>();

  PairCells(int replicates) {
    this.weights = new byte[replicates];
  }

  /**
   * @param cell {@link CommonItem#key} of the labels of one item
   * @param of the cluster, not before that of the item before
   */
  void add(long cell, long of) {
    if (!items.isEmpty() && of != cluster) {
      end();
    }

    cluster = of;
    items.add(new Cell(CommonItem.first(cell), CommonItem.second(cell), 1));
  }

  /** To be called after the last item. */
  void end() {
    items.sort(BY_LABELS);
    int[] counts =
        clusters.computeIfAbsent(List.copyOf(items), cells -> new int[1 + weights.length]);
    counts[0]++;
    Resampling.fillWeights(cluster, weights);
    for (int replicate = 0; replicate < weights.length; replicate++) {
      counts[1 + replicate] += weights[replicate];
    }

    items.clear();
  }

  /** All items. */
  List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    clusters.forEach(
        (ofOne, counts) ->
            ofOne.forEach(cell -> cells.add(new Cell(cell.first(), cell.second(), counts[0]))));
    return cells;
  }

  /** By the cells of its items: clusters, then those of each replicate. */
  Map<List<Cell>, int[]> clusters() {
    return Collections.unmodifiableMap(clusters);
  }
}
