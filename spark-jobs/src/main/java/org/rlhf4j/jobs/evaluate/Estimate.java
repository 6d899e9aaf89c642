package org.rlhf4j.jobs.evaluate;

import java.util.Collection;
import org.rlhf4j.rlhf.Moments;

/**
 * A mean and its standard error.
 *
 * @param standardError of the mean of independent numbers
 */
public record Estimate(long count, double mean, double standardError) {
  /**
   * @param values in a fixed order
   */
  static Estimate of(Collection<Double> values) {
    Moments moments = Moments.NONE;
    for (double value : values) {
      moments = moments.merge(Moments.of(value));
    }
    return new Estimate(moments.count(), moments.mean(), moments.standardError());
  }
}
