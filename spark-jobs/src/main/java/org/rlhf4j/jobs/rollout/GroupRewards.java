package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.rlhf.AdvantageEstimator;
import org.rlhf4j.rlhf.Moments;
import scala.Tuple2;

/** What estimators of groups need to know: the rewards of all responses to the same prompt. */
final class GroupRewards {
  private GroupRewards() {}

  /** One response's summed rewards. */
  private record Total(String rolloutId, double reward) implements Serializable {}

  /**
   * Moments of its prompt's summed rewards for each response, one row for each row of {@code
   * scored} and in its order; the same bits on any cluster.
   *
   * @param scored responses that are known to be whole
   * @param order that they are in
   */
  static JavaPairRDD<String, Moments> of(
      JavaRDD<ScoredRollout> scored, ExperienceBuilder builder, ResponseOrder order) {
    return scored
        .mapToPair(response -> total(response, builder))
        .groupByKey()
        .values()
        .flatMapToPair(group -> moments(group).iterator())
        .repartitionAndSortWithinPartitions(order, new ResponseOrder.OfIds());
  }

  private static Tuple2<String, Total> total(ScoredRollout scored, ExperienceBuilder builder) {
    String id = scored.rollout().rolloutId();
    double reward = AdvantageEstimator.total(builder.rewards(scored));
    return new Tuple2<>(scored.rollout().promptId(), new Total(id, reward));
  }

  private static List<Tuple2<String, Moments>> moments(Iterable<Total> group) {
    List<Total> totals = new ArrayList<>();
    group.forEach(totals::add);
    totals.sort(Comparator.comparing(Total::rolloutId)); // one order of the sums
    Moments moments = Moments.NONE;
    for (Total total : totals) {
      moments = moments.merge(Moments.of(total.reward()));
    }
    List<Tuple2<String, Moments>> rows = new ArrayList<>();
    for (Total total : totals) {
      rows.add(new Tuple2<>(total.rolloutId(), moments));
    }
    return rows;
  }
}
