package org.rlhf4j.jobs.quality;

import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.data.dataset.PreferenceCycle;
import org.rlhf4j.data.dataset.Ranking;
import org.rlhf4j.jobs.quality.QualityResult.RankingCounts;
import scala.Tuple2;

/** Ranks the things that annotators compared, group by group. A task holds one group at a time. */
final class Rankings {
  /** Wins and losses of everything against a thing of strength 0, see {@link BradleyTerry}. */
  static final double PRIOR = 0.1;

  private Rankings() {}

  /** Publishes the rankings and the cycles; empty if nothing was compared. */
  static Optional<RankingCounts> publish(JavaRDD<CodedItem> items, Publisher publisher) {
    JavaRDD<CodedItem> compared = items.filter(item -> item.comparisons() > 0);
    if (compared.isEmpty()) {
      return Optional.empty();
    }

    JavaRDD<RankedGroup> groups =
        compared
            .mapToPair(item -> new Tuple2<>(item.contest().get(0), item))
            .groupByKey()
            .map(group -> RankedGroup.of(Tournament.of(group._1(), group._2()), PRIOR))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      publisher.publish(Ranking.class, groups.flatMap(group -> group.rankings().iterator()));
      publisher.publish(PreferenceCycle.class, groups.flatMap(group -> group.cycles().iterator()));
      RankingCounts none = new RankingCounts(0, 0, 0, 0, 0);
      return Optional.of(groups.map(Rankings::counts).fold(none, RankingCounts::plus));
    } finally {
      groups.unpersist();
    }
  }

  private static RankingCounts counts(RankedGroup group) {
    List<Ranking> rankings = group.rankings();
    long comparisons = rankings.stream().mapToLong(Ranking::wins).sum();
    return new RankingCounts(1, rankings.size(), comparisons, group.components(), group.rings());
  }
}
