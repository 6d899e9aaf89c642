package org.rlhf4j.jobs.quality;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.rlhf4j.jobs.quality.CohenKappa.Cell;
import org.rlhf4j.jobs.quality.Resampling.Interval;

/**
 * Kappas of many pairs of annotators. The sums are exact or integers, hence the same in any order.
 *
 * <p>The interval of the mean is a bootstrap over items, see {@link Resampling}, of its linear
 * part: in a replicate, every item adds (its weight - 1) times what the mean would lose without it,
 * to the sum of the kappas and to the number of pairs. Pairs have few items in common, of which a
 * resample has fewer still: kappa itself, resampled, would be too small by more than the width of
 * its interval. What is lost without an item is the jackknife's, whose variance is right with many
 * common items and too large rather than too small with few (Efron and Stein 1981, Annals of
 * Statistics 9:586). An item must be resampled by itself: where several are together, as the pairs
 * of one ranking are, what is lost without one says nothing of what is lost without all.
 */
final class PairTally implements PairFinding {
  private static final long serialVersionUID = 1L;

  private final ExactSum kappas = new ExactSum();
  private long defined;
  private boolean isClustered;

  /** What a replicate adds to the sum of kappas, in units of 2^-32. */
  private final long[] kappaExcess;

  /** What a replicate adds to the number of pairs with a kappa. */
  private final long[] definedExcess;

  PairTally(int replicates) {
    this.kappaExcess = new long[replicates];
    this.definedExcess = new long[replicates];
  }

  /** Adds one pair of annotators. */
  void add(PairCells pair) {
    List<Cell> cells = pair.cells();
    CohenKappa kappa = new CohenKappa(cells);
    OptionalDouble value = kappa.value();
    if (value.isPresent()) {
      isClustered |= pair.isClustered();
      kappas.add(value.getAsDouble());
      defined++;
      cells.forEach(cell -> resample(pair.counts(cell), value.getAsDouble(), kappa.without(cell)));
    }
  }

  private void resample(int[] counts, double kappa, OptionalDouble without) {
    long lost = Math.round((kappa - without.orElse(0)) * FixedPoint.UNIT);
    long undefined = without.isPresent() ? 0 : 1;
    for (int replicate = 0; replicate < kappaExcess.length; replicate++) {
      int excess = counts[1 + replicate] - counts[0];
      kappaExcess[replicate] += excess * lost;
      definedExcess[replicate] += excess * undefined;
    }
  }

  PairTally merge(PairTally other) {
    kappas.merge(other.kappas);
    defined += other.defined;
    isClustered |= other.isClustered;
    for (int replicate = 0; replicate < kappaExcess.length; replicate++) {
      kappaExcess[replicate] += other.kappaExcess[replicate];
      definedExcess[replicate] += other.definedExcess[replicate];
    }

    return this;
  }

  /** Mean of the kappas that are defined, over pairs. */
  OptionalDouble meanKappa() {
    return defined == 0 ? OptionalDouble.empty() : OptionalDouble.of(kappas.value() / defined);
  }

  /**
   * Of the mean; empty where no kappa is defined, without replicates, or with clusters of items.
   */
  Optional<Interval> interval() {
    if (isClustered) {
      return Optional.empty();
    }

    double[] means = new double[kappaExcess.length];
    for (int replicate = 0; replicate < means.length; replicate++) {
      long pairs = defined + definedExcess[replicate];
      double sum = kappas.value() + kappaExcess[replicate] / FixedPoint.UNIT;
      means[replicate] = pairs > 0 ? sum / pairs : Double.NaN;
    }

    return Resampling.interval(means);
  }
}
