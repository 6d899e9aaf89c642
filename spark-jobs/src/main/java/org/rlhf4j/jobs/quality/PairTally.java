package org.rlhf4j.jobs.quality;

import java.util.OptionalDouble;

/** Kappas of many pairs. Their sum is exact, hence the same in any order. */
final class PairTally implements PairFinding {
  private static final long serialVersionUID = 1L;

  private final ExactSum kappas = new ExactSum();
  private long defined;

  void add(OptionalDouble kappa) {
    if (kappa.isPresent()) {
      kappas.add(kappa.getAsDouble());
      defined++;
    }
  }

  PairTally merge(PairTally other) {
    kappas.merge(other.kappas);
    defined += other.defined;
    return this;
  }

  /** Mean of the kappas that are defined, over pairs. */
  OptionalDouble meanKappa() {
    return defined == 0 ? OptionalDouble.empty() : OptionalDouble.of(kappas.value() / defined);
  }
}
