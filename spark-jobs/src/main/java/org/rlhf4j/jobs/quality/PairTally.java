package org.rlhf4j.jobs.quality;

import java.util.Optional;
import java.util.OptionalDouble;
import org.rlhf4j.jobs.quality.Resampling.Interval;

/**
 * Kappas of many pairs of annotators. The sums are exact or integers, hence the same in any order.
 *
 * <p>The interval of the mean is a bootstrap over clusters of items, see {@link Resampling}, of its
 * linear part: in a replicate, every cluster adds (its weight - 1) times what the mean would lose
 * without it, to the sum of the kappas and to the number of pairs. Pairs have few items in common,
 * of which a resample has fewer still: kappa itself, resampled, would be too small by more than the
 * width of its interval. What is lost without a cluster is the jackknife's, whose variance is right
 * with many common clusters and too large rather than too small with few (Efron and Stein 1981,
 * Annals of Statistics 9:586).
 */
final class PairTally implements PairFinding {
  private static final long serialVersionUID = 1L;

  private final ExactSum kappas = new ExactSum();
  private long defined;

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
    CohenKappa kappa = new CohenKappa(pair.cells());
    OptionalDouble value = kappa.value();
    if (value.isPresent()) {
      kappas.add(value.getAsDouble());
      defined++;
      pair.forEachCluster(
          (cells, clusters, resampled) ->
              add(value.getAsDouble(), kappa.without(new CohenKappa(cells)), clusters, resampled));
    }
  }

  /**
   * What clusters with the same cells change in the replicates.
   *
   * @param without kappa without one of them
   */
  private void add(double kappa, OptionalDouble without, int clusters, int[] resampled) {
    long lost = Math.round((kappa - without.orElse(0)) * FixedPoint.UNIT);
    long undefined = without.isPresent() ? 0 : 1;
    for (int replicate = 0; replicate < kappaExcess.length; replicate++) {
      int excess = resampled[replicate] - clusters;
      kappaExcess[replicate] += excess * lost;
      definedExcess[replicate] += excess * undefined;
    }
  }

  PairTally merge(PairTally other) {
    kappas.merge(other.kappas);
    defined += other.defined;
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

  /** Of the mean; empty where no kappa is defined or without replicates. */
  Optional<Interval> interval() {
    double[] means = new double[kappaExcess.length];
    for (int replicate = 0; replicate < means.length; replicate++) {
      long pairs = defined + definedExcess[replicate];
      double sum = kappas.value() + kappaExcess[replicate] / FixedPoint.UNIT;
      means[replicate] = pairs > 0 ? Math.max(-1, Math.min(1, sum / pairs)) : Double.NaN;
    }

    return Resampling.interval(means);
  }
}
