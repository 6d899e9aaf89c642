package org.rlhf4j.jobs.quality;

import java.util.Iterator;
import org.apache.spark.sql.Row;
import org.rlhf4j.jobs.quality.Resampling.Interval;
import org.rlhf4j.rlhf.WilsonInterval;

/** Reads the votes of one annotator after the other, in the order of time and cluster. */
final class AnnotatorSummaries implements Iterator<AnnotatorSummary> {
  private final RowRuns rows;
  private final double smoothing;
  private final int replicates;

  AnnotatorSummaries(Iterator<Row> rows, double smoothing, int replicates) {
    this.rows = new RowRuns(rows);
    this.smoothing = smoothing;
    this.replicates = replicates;
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public AnnotatorSummary next() {
    int annotator = AnnotatorVote.of(rows.first()).annotator();
    Sums sums = new Sums(replicates);
    rows.read(
        row -> AnnotatorVote.of(row).annotator() == annotator,
        row -> sums.add(AnnotatorVote.of(row)));
    return sums.summary(annotator, smoothing);
  }

  /** Votes and expected right votes, in all and in each replicate, and the rest of the counts. */
  private static final class Sums {
    private final long[] replicateVotes;
    private final long[] replicateRight;
    private final byte[] weights;
    private final TimeWindows windows = new TimeWindows();
    private final Pace pace = new Pace();
    private long items;
    private long others;
    private long agreeing;
    private long goldItems;
    private long goldRight;
    private long right;

    /** Clusters of items, which are the trials that are independent; and those with gold. */
    private long clusters;

    private long goldClusters;
    private long lastCluster;
    private long lastGoldCluster;

    Sums(int replicates) {
      this.replicateVotes = new long[replicates];
      this.replicateRight = new long[replicates];
      this.weights = new byte[replicates];
    }

    void add(AnnotatorVote vote) {
      long cluster = vote.cluster();
      clusters += items == 0 || cluster != lastCluster ? 1 : 0;
      lastCluster = cluster;
      items++;
      others += vote.others();
      agreeing += vote.agreeing();
      int gold = vote.gold();
      if (gold != CodedItem.UNKNOWN) {
        goldClusters += goldItems == 0 || cluster != lastGoldCluster ? 1 : 0;
        lastGoldCluster = cluster;
        goldItems++;
      }

      goldRight += gold == 1 ? 1 : 0;
      long probability = vote.right();
      right += probability;
      Resampling.fillWeights(cluster, weights);
      for (int b = 0; b < weights.length; b++) {
        replicateVotes[b] += weights[b];
        replicateRight[b] += weights[b] * probability;
      }

      long time = vote.time();
      if (time != CodedItem.NO_TIME) {
        pace.add(time);
      }

      if (time != CodedItem.NO_TIME && vote.others() > 0) {
        windows.add(time, vote.others(), vote.agreeing(), vote.residual());
      }
    }

    AnnotatorSummary summary(int annotator, double smoothing) {
      double[] accuracies = new double[replicateVotes.length];
      for (int b = 0; b < accuracies.length; b++) {
        accuracies[b] = share(replicateRight[b], replicateVotes[b], smoothing);
      }

      Interval none = new Interval(Double.NaN, Double.NaN);
      Interval interval = Resampling.interval(accuracies).map(this::atLeastOfTrials).orElse(none);
      windows.finish();
      return new AnnotatorSummary(
          annotator,
          items,
          others,
          agreeing,
          goldItems,
          goldRight,
          goldClusters,
          share(right, items, smoothing),
          interval.low(),
          interval.high(),
          windows.list(),
          windows.probability(),
          pace.votesPerHour());
    }

    /** Few votes that all go one way tell less than their replicates, which are all alike. */
    private Interval atLeastOfTrials(Interval resampled) {
      double share = Math.min(1, right / FixedPoint.UNIT / items);
      WilsonInterval trials = WilsonInterval.of(share, clusters);
      return new Interval(
          Math.min(resampled.low(), trials.low()), Math.max(resampled.high(), trials.high()));
    }

    /** (expected right votes + s)/(votes + 2 s). */
    private static double share(long right, long votes, double smoothing) {
      return (right / FixedPoint.UNIT + smoothing) / (votes + 2 * smoothing);
    }
  }
}
