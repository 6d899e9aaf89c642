package org.rlhf4j.jobs.rollout;

import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.rlhf4j.data.dataset.Experience;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.rlhf.Moments;
import scala.Tuple2;

/**
 * Joins rollouts with their scores and publishes {@code experience}: per-token rewards, advantages
 * and returns.
 *
 * <p>Two passes over one shuffle: the first takes the moments of the whole iteration, the second
 * whitens with them. Both see the responses in {@link ResponseOrder}, so the result does not depend
 * on the number of partitions, to the bit.
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
   * @param rollouts with ref_logprobs and values
   * @param scores exactly one for each rollout; its column {@code score} is taken as final
   * @param klCoefficient weight of the KL penalty, score per nat
   */
  public Result execute(String rollouts, String scores, double klCoefficient, String output) {
    ExperienceBuilder builder = new ExperienceBuilder(settings, klCoefficient);
    JavaPairRDD<ResponseOrder.Key, Record> rows = join(rollouts, scores);
    IterationStatistics statistics = statistics(rows, builder);
    if (statistics.responses() == 0) {
      throw JobException.badInput("%s holds no rollouts; generate some first", rollouts);
    }

    JavaRDD<Experience> experience =
        rows.mapPartitions(new BuildExperience(builder, statistics.advantages()));
    long responses =
        datasets.publish(
            output, Experience.class, experience, "advantages", List.of(rollouts, scores));
    return new Result(output, responses, statistics);
  }

  /** The statistics alone, for an iteration whose experience is published already. */
  public IterationStatistics statistics(String rollouts, String scores, double klCoefficient) {
    return statistics(join(rollouts, scores), new ExperienceBuilder(settings, klCoefficient));
  }

  private JavaPairRDD<ResponseOrder.Key, Record> join(String rollouts, String scores) {
    JavaRDD<Rollout> rolloutRows = datasets.read(rollouts, Rollout.class);
    JavaPairRDD<ResponseOrder.Key, Record> left =
        rolloutRows.mapToPair(r -> new Tuple2<>(ResponseOrder.Key.ofRollout(r.rolloutId()), r));
    JavaPairRDD<ResponseOrder.Key, Record> right =
        datasets
            .read(scores, Score.class)
            .mapToPair(s -> new Tuple2<>(ResponseOrder.Key.ofScore(s.rolloutId()), s));
    int partitions = Math.max(1, Math.min(ResponseOrder.BUCKETS, rolloutRows.getNumPartitions()));
    return left.union(right).repartitionAndSortWithinPartitions(new ResponseOrder(partitions));
  }

  private static IterationStatistics statistics(
      JavaPairRDD<ResponseOrder.Key, Record> rows, ExperienceBuilder builder) {
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

  /** The second pass of one partition. */
  private record BuildExperience(ExperienceBuilder builder, Moments advantages)
      implements FlatMapFunction<Iterator<Tuple2<ResponseOrder.Key, Record>>, Experience> {
    @Override
    public Iterator<Experience> call(Iterator<Tuple2<ResponseOrder.Key, Record>> rows) {
      ScoredRolloutIterator responses = new ScoredRolloutIterator(rows);
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return responses.hasNext();
        }

        @Override
        public Experience next() {
          return builder.whiten(builder.build(responses.next()), advantages);
        }
      };
    }
  }
}
