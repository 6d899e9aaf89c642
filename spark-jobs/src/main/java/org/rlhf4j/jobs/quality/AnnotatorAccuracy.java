package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.rlhf4j.jobs.quality.Resampling.Interval;
import scala.Tuple2;

/**
 * How often each annotator is right: (expected right votes + s)/(votes + 2 s), where a vote is
 * right with the probability of its label under the fitted model and s is the smoothing.
 *
 * <p>The interval is a bootstrap over the annotator's items with these probabilities kept: it says
 * how far the items happened to suit the annotator, not how far the model may be wrong.
 */
final class AnnotatorAccuracy {
  /** Annotators a partition should hold: each has two sums for every replicate. */
  private static final int ANNOTATORS_A_PARTITION = 5_000;

  private static final double UNIT = 0x1p32;

  /**
   * @param low end of the interval, NaN if none was asked for
   * @param high as above
   */
  record Estimate(double accuracy, double low, double high) implements Serializable {
    Optional<Interval> interval() {
      return Double.isNaN(low) ? Optional.empty() : Optional.of(new Interval(low, high));
    }
  }

  private AnnotatorAccuracy() {}

  /** Estimates by annotator. */
  static JavaPairRDD<Integer, Estimate> of(
      JavaRDD<CodedItem> items,
      Broadcast<LabelFit> fit,
      long annotators,
      double smoothing,
      int replicates) {
    int partitions =
        (int) Math.max(items.getNumPartitions(), annotators / ANNOTATORS_A_PARTITION + 1);
    JavaPairRDD<Integer, Tuple2<Long, Long>> votes =
        items.flatMapToPair(item -> votes(item, fit.value()).iterator());
    return votes
        .combineByKey(
            vote -> new Sums(replicates).plus(vote),
            Sums::plus,
            Sums::merge,
            new HashPartitioner(partitions),
            false, // an annotator's sums are larger than most annotators' votes
            null)
        .mapValues(sums -> sums.estimate(smoothing));
  }

  private static List<Tuple2<Integer, Tuple2<Long, Long>>> votes(CodedItem item, LabelFit fit) {
    Posterior posterior = fit.posterior(item);
    long key = Resampling.key(item.item());
    List<Tuple2<Integer, Tuple2<Long, Long>>> votes = new ArrayList<>(item.votes());
    for (int v = 0; v < item.votes(); v++) {
      long right = Math.round(posterior.of(item.labels()[v]) * UNIT);
      votes.add(new Tuple2<>(item.annotators()[v], new Tuple2<>(key, right)));
    }

    return votes;
  }

  /** Votes and expected right votes, in all and in each replicate. */
  private static final class Sums implements Serializable {
    private static final long serialVersionUID = 1L;

    private long votes;
    private long right;
    private final long[] replicateVotes;
    private final long[] replicateRight;

    Sums(int replicates) {
      this.replicateVotes = new long[replicates];
      this.replicateRight = new long[replicates];
    }

    Sums plus(Tuple2<Long, Long> vote) {
      votes++;
      right += vote._2();
      for (int b = 0; b < replicateVotes.length; b++) {
        int weight = Resampling.weight(vote._1(), b);
        replicateVotes[b] += weight;
        replicateRight[b] += weight * vote._2();
      }

      return this;
    }

    Sums merge(Sums other) {
      votes += other.votes;
      right += other.right;
      for (int b = 0; b < replicateVotes.length; b++) {
        replicateVotes[b] += other.replicateVotes[b];
        replicateRight[b] += other.replicateRight[b];
      }

      return this;
    }

    Estimate estimate(double smoothing) {
      double[] replicates = new double[replicateVotes.length];
      for (int b = 0; b < replicates.length; b++) {
        replicates[b] = share(replicateRight[b], replicateVotes[b], smoothing);
      }

      Interval none = new Interval(Double.NaN, Double.NaN);
      Interval interval = Resampling.interval(replicates).orElse(none);
      return new Estimate(share(right, votes, smoothing), interval.low(), interval.high());
    }

    private static double share(long right, long votes, double smoothing) {
      return (right / UNIT + smoothing) / (votes + 2 * smoothing);
    }
  }
}
