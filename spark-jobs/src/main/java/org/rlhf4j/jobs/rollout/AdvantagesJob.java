package org.rlhf4j.jobs.rollout;

import java.util.List;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.data.dataset.Experience;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.rlhf.AdvantageEstimator.Needs;
import org.rlhf4j.rlhf.Moments;
import scala.Tuple2;

/**
 * Joins rollouts with their scores and publishes {@code experience}: per-token rewards, advantages
 * and returns.
 *
 * <p>Two passes over one shuffle of packed rows: the first takes the moments of the whole
 * iteration, the second whitens with them. Estimators of groups add a shuffle of summed rewards,
 * scaling a pass or two. All see the responses in {@link ResponseOrder}, so the result does not
 * depend on the number of partitions, to the bit.
 */
public final class AdvantagesJob {
  private final Datasets datasets;
  private final AdvantageSettings settings;

  /**
   * @param responses published rows
   * @param statistics of the whole iteration
   */
  public record Result(String output, long responses, IterationStatistics statistics) {}

  public AdvantagesJob(Datasets datasets, AdvantageSettings settings) {
    this.datasets = datasets;
    this.settings = settings;
  }

  /**
   * @param rollouts with ref_logprobs, and with values if the estimator has a critic
   * @param scores exactly one for each rollout; its column {@code score} is taken as final
   */
  public Result execute(String rollouts, String scores, IterationScalars scalars, String output) {
    try (Joined joined = join(rollouts, scores)) {
      Prepared prepared = prepare(joined.rows(), scalars);
      IterationStatistics statistics = prepared.statistics();
      if (statistics.responses() == 0) {
        throw JobException.badInput("%s holds no rollouts; generate some first", rollouts);
      }

      ExperienceBuilder builder = prepared.builder();
      Moments advantages = statistics.advantages();
      JavaRDD<Experience> experience =
          prepared.rows().map(row -> builder.whiten(builder.build(row), advantages));
      long responses =
          datasets.publish(
              output, Experience.class, experience, "advantages", List.of(rollouts, scores));
      return new Result(output, responses, statistics);
    }
  }

  /** The statistics alone, for an iteration whose experience is published already. */
  public IterationStatistics statistics(String rollouts, String scores, IterationScalars scalars) {
    try (Joined joined = join(rollouts, scores)) {
      return prepare(joined.rows(), scalars).statistics();
    }
  }

  /** Packed rows in {@link ResponseOrder}, kept for the passes over them. */
  private record Joined(JavaPairRDD<String, byte[]> rows) implements AutoCloseable {
    @Override
    public void close() {
      rows.unpersist(false);
    }
  }

  /** Responses in order with what can be said of the whole iteration only. */
  private record Prepared(
      JavaRDD<ScoredRollout> rows, ExperienceBuilder builder, IterationStatistics statistics) {}

  private Prepared prepare(JavaPairRDD<String, byte[]> joined, IterationScalars scalars) {
    JavaRDD<ScoredRollout> rows = joined.mapPartitions(ScoredRolloutIterator::new);
    ExperienceBuilder builder = scaled(rows, new ExperienceBuilder(settings, scalars));
    if (settings.needs() == Needs.GROUP) {
      statistics(rows, builder.forRewards()); // ends here if rows are broken
      ResponseOrder order = new ResponseOrder(joined.getNumPartitions());
      rows =
          joined.zipPartitions(GroupRewards.of(rows, builder, order), ScoredRolloutIterator::new);
    }
    return new Prepared(rows, builder, statistics(rows, builder));
  }

  /** Two more passes at most: scores are scaled before rewards, which they are part of. */
  private ExperienceBuilder scaled(JavaRDD<ScoredRollout> rows, ExperienceBuilder plain) {
    ExperienceBuilder builder = plain;
    if (settings.advantages().scaleScores()) {
      Moments moments = statistics(rows, builder.forRewards()).score();
      builder = builder.with(builder.scaling().withScores(moments));
    }
    if (settings.advantages().whitenRewards()) {
      Moments moments = statistics(rows, builder.forRewards()).tokenRewards();
      builder = builder.with(builder.scaling().withRewards(moments));
    }
    return builder;
  }

  /** Both kinds of rows, packed, in one shuffle; sorted once, in memory as far as there is room. */
  private Joined join(String rollouts, String scores) {
    JavaRDD<RolloutTokens> rolloutRows = datasets.read(rollouts, RolloutTokens.class);
    JavaPairRDD<String, byte[]> left =
        rolloutRows.mapToPair(row -> new Tuple2<>(row.rolloutId(), PackedRow.of(row)));
    JavaPairRDD<String, byte[]> right =
        datasets
            .read(scores, Score.class)
            .mapToPair(row -> new Tuple2<>(row.rolloutId(), PackedRow.of(row)));
    int partitions = Math.max(1, Math.min(ResponseOrder.BUCKETS, rolloutRows.getNumPartitions()));
    return new Joined(
        left.union(right)
            .repartitionAndSortWithinPartitions(
                new ResponseOrder(partitions), new ResponseOrder.OfIds())
            .persist(StorageLevel.MEMORY_AND_DISK()));
  }

  private static IterationStatistics statistics(
      JavaRDD<ScoredRollout> rows, ExperienceBuilder builder) {
    List<PartitionStatistics> partitions =
        rows.mapPartitions(part -> List.of(PartitionStatistics.of(part, builder)).iterator())
            .collect();
    partitions.forEach(PartitionStatistics::throwIfBroken);

    TreeMap<Integer, IterationStatistics> buckets = new TreeMap<>();
    partitions.forEach(partition -> buckets.putAll(partition.buckets()));
    return buckets.values().stream()
        .sequential()
        .reduce(IterationStatistics.NONE, IterationStatistics::merge);
  }
}
