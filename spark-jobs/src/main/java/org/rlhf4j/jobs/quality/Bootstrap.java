package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.jobs.quality.Resampling.Interval;
import scala.Tuple2;

/** Intervals of the statistics over all items; see {@link Resampling}. */
final class Bootstrap implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Sums a task may hold: 64 MiB. */
  private static final long MAX_SUMS = 8L << 20;

  private final ReplicateSums layout;
  private final int replicates;

  /**
   * @param replicates 0 for no intervals
   */
  Bootstrap(int labels, LabelScale scale, int replicates) {
    this.replicates = replicates(labels, replicates);
    this.layout = new ReplicateSums(this.replicates == replicates ? labels : 0, scale);
  }

  /** Those whose sums by pairs of labels fit into a task: all or none. */
  static int replicates(int labels, int replicates) {
    return (long) labels * labels / 2 * replicates <= MAX_SUMS ? replicates : 0;
  }

  /** Intervals of the statistics that are defined; none with too many labels. */
  Map<Statistic, Interval> intervals(JavaRDD<CodedItem> items) {
    Map<Statistic, Interval> intervals = new EnumMap<>(Statistic.class);
    if (replicates == 0) {
      return intervals;
    }

    List<Map<Statistic, Double>> values =
        items
            .mapPartitionsToPair(this::sums)
            .reduceByKey(AnnotatorSums::plus)
            .mapValues(layout::statistics)
            .values()
            .collect(); // one row a replicate
    for (Statistic statistic : Statistic.values()) {
      double[] replicated = values.stream().mapToDouble(row -> row.get(statistic)).toArray();
      Resampling.interval(replicated).ifPresent(interval -> intervals.put(statistic, interval));
    }

    return intervals;
  }

  private Iterator<Tuple2<Integer, long[]>> sums(Iterator<CodedItem> items) {
    long[][] sums = new long[replicates][layout.width()];
    byte[] weights = new byte[replicates];
    while (items.hasNext()) {
      CodedItem item = items.next();
      long[] entries = layout.of(item);
      Resampling.fillWeights(item.key(), weights);
      for (int replicate = 0; replicate < replicates; replicate++) {
        if (weights[replicate] > 0) {
          add(sums[replicate], entries, weights[replicate]);
        }
      }
    }

    List<Tuple2<Integer, long[]>> pairs = new ArrayList<>(replicates);
    IntStream.range(0, replicates).forEach(b -> pairs.add(new Tuple2<>(b, sums[b])));
    return pairs.iterator();
  }

  private static void add(long[] sums, long[] entries, int weight) {
    for (int i = 0; i < entries.length; i += 2) {
      sums[(int) entries[i]] += weight * entries[i + 1];
    }
  }
}
