package org.rlhf4j.jobs.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.rlhf4j.jobs.quality.CohenKappa.Cell;

/** Common items of a pair of annotators by the two labels, of all items and of every replicate. */
final class PairCells {
  private final byte[] weights;

  /** By {@link PairAgreement#key} of the labels: the items, then those of each replicate. */
  private final Map<Long, int[]> counts = new TreeMap<>();

  private long lastCluster;
  private boolean isClustered;

  PairCells(int replicates) {
    this.weights = new byte[replicates];
  }

  /**
   * @param cell {@link PairAgreement#key} of the labels of one item
   * @param cluster of items that are resampled together; not before that of the item before
   */
  void add(long cell, long cluster) {
    isClustered |= !counts.isEmpty() && cluster == lastCluster;
    lastCluster = cluster;
    Resampling.fillWeights(cluster, weights);
    int[] items = counts.computeIfAbsent(cell, key -> new int[1 + weights.length]);
    items[0]++;
    for (int replicate = 0; replicate < weights.length; replicate++) {
      items[1 + replicate] += weights[replicate];
    }
  }

  /** Whether a cluster has several items, which are then not independent. */
  boolean isClustered() {
    return isClustered;
  }

  /** In the order of the labels. */
  List<Cell> cells() {
    List<Cell> cells = new ArrayList<>(counts.size());
    counts.forEach(
        (cell, items) ->
            cells.add(new Cell(PairAgreement.first(cell), PairAgreement.second(cell), items[0])));
    return cells;
  }

  /** Items of a cell, then its items in each replicate. */
  int[] counts(Cell cell) {
    return counts.get(PairAgreement.key(cell.first(), cell.second()));
  }
}
