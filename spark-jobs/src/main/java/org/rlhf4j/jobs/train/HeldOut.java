package org.rlhf4j.jobs.train;

import java.util.Map;
import org.rlhf4j.metrics.Metric;

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
  private static final double NORMAL_975 = 1.959963984540054;

  static HeldOut of(long pairs, Map<String, Double> metrics) {
    return of(pairs, metrics, Metric.MARGIN);
  }

  /**
   * @param margin metric that is the margin
   */
  static HeldOut of(long pairs, Map<String, Double> metrics, Metric margin) {
    double accuracy = metrics.get(Metric.ACCURACY.key());
    double[] interval = wilson(accuracy, pairs);
    return new HeldOut(
        pairs,
        accuracy,
        interval[0],
        interval[1],
        metrics.get(Metric.LOSS.key()),
        metrics.get(margin.key()));
  }

  /**
   * 95 % interval of a share: Wilson 1927, "Probable inference, the law of succession, and
   * statistical inference", JASA 22. Takes pairs as independent.
   */
  static double[] wilson(double share, long count) {
    double z2 = NORMAL_975 * NORMAL_975;
    double centre = (share + z2 / (2 * count)) / (1 + z2 / count);
    double half =
        NORMAL_975
            / (1 + z2 / count)
            * Math.sqrt(share * (1 - share) / count + z2 / (4.0 * count * count));
    return new double[] {centre - half, centre + half};
  }
}
