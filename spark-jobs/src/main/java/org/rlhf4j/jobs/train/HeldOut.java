package org.rlhf4j.jobs.train;

import java.util.Map;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.rlhf.WilsonInterval;

/**
 * A reward model, or a policy's implicit rewards, on pairs that it was not trained on.
 *
 * @param pairs number of pairs
 * @param accuracy share of pairs whose chosen response scores higher; a tie counts one half
 * @param low lower end of the accuracy's 95 % interval
 * @param high upper end of the accuracy's 95 % interval
 * @param loss nats per pair
 * @param margin mean of the chosen minus the rejected response's score
 */
public record HeldOut(
    long pairs, double accuracy, double low, double high, double loss, double margin) {
  static HeldOut of(long pairs, Map<String, Double> metrics) {
    return of(pairs, metrics, Metric.MARGIN);
  }

  /**
   * @param margin metric that is the margin
   */
  static HeldOut of(long pairs, Map<String, Double> metrics, Metric margin) {
    double accuracy = metrics.get(Metric.ACCURACY.key());
    WilsonInterval interval = WilsonInterval.of(accuracy, pairs); // pairs taken as independent
    return new HeldOut(
        pairs,
        accuracy,
        interval.low(),
        interval.high(),
        metrics.get(Metric.LOSS.key()),
        metrics.get(margin.key()));
  }
}
