package org.rlhf4j.jobs.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.rlhf4j.rlhf.Moments;
import org.rlhf4j.rlhf.WilsonInterval;

/**
 * Share of comparisons on which a judge agrees with the label; a tie counts one half.
 *
 * @param comparisons judged
 * @param value the share
 * @param low lower end of the 95 % interval
 * @param high upper end of the 95 % interval
 */
public record Accuracy(long comparisons, double value, double low, double high) {
  /** Quantile of the normal distribution for a two-sided interval of 95 %. */
  private static final double NORMAL_95 = 1.959963984540054;

  /**
   * The interval is the normal one with standard errors clustered by prompt (Liang and Zeger 1986):
   * comparisons of one prompt, such as those of one ranking, are not independent. Where all are
   * judged alike that error is 0, which a few comparisons do not prove: then it is the interval of
   * Wilson 1927 over the prompts.
   *
   * @param outcomes in a fixed order, at least one
   * @param margin the judge's
   */
  static Accuracy of(List<PairOutcome> outcomes, ToDoubleFunction<PairOutcome> margin) {
    Moments all = Moments.NONE;
    for (PairOutcome outcome : outcomes) {
      all = all.merge(Moments.of(PairOutcome.accuracy(margin.applyAsDouble(outcome))));
    }
    double mean = all.mean();
    Map<String, Double> deviations = new LinkedHashMap<>();
    for (PairOutcome outcome : outcomes) {
      double deviation = PairOutcome.accuracy(margin.applyAsDouble(outcome)) - mean;
      deviations.merge(outcome.promptId(), deviation, Double::sum);
    }
    double squares = deviations.values().stream().mapToDouble(d -> d * d).sum();
    int clusters = deviations.size();
    double correction = clusters > 1 ? clusters / (clusters - 1.0) : 1;
    double error = Math.sqrt(correction * squares) / all.count();
    if (error == 0) {
      WilsonInterval alike = WilsonInterval.of(mean, clusters);
      return new Accuracy(all.count(), mean, alike.low(), alike.high());
    }
    return new Accuracy(
        all.count(),
        mean,
        Math.max(0, mean - NORMAL_95 * error),
        Math.min(1, mean + NORMAL_95 * error));
  }
}
