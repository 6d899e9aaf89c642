package org.rlhf4j.jobs.quality;

import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.data.dataset.PreferenceCycle;
import org.rlhf4j.data.dataset.Ranking;
import org.rlhf4j.jobs.quality.QualityResult.RankingCounts;

/** Ranks the things that annotators compared, group by group. A task holds one group at a time. */
final class Rankings {
  /** Wins and losses of everything against a thing of strength 0, see {@link BradleyTerry}. */
  static final double PRIOR = 0.1;

  private Rankings() {}

  /**
   * Publishes the rankings and the cycles; empty if nothing was compared.
   *
   * @param screen what votes weigh
   */
  static Optional<RankingCounts> publish(
      SparkSession spark, JavaRDD<CodedItem> items, Screen screen, Publisher publisher) {
    JavaRDD<CodedItem> compared = items.map(screen::counted).filter(item -> item.comparisons() > 0);
    if (compared.isEmpty()) {
      return Optional.empty();
    }

    JavaRDD<RankedGroup> groups =
        Tournaments.of(spark, compared, screen)
            .map(tournament -> RankedGroup.of(tournament, PRIOR))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      publisher.publish(Ranking.class, groups.flatMap(group -> group.rankings().iterator()));
      publisher.publish(PreferenceCycle.class, groups.flatMap(group -> group.cycles().iterator()));
      RankingCounts none = new RankingCounts(0, 0, 0, 0, 0, 0);
      return Optional.of(groups.map(Rankings::counts).fold(none, RankingCounts::plus));
    } finally {
      groups.unpersist();
    }
  }

  private static RankingCounts counts(RankedGroup group) {
    List<Ranking> rankings = group.rankings();
    long wins = rankings.stream().mapToLong(Ranking::wins).sum();
    long ties = rankings.stream().mapToLong(Ranking::ties).sum() / 2; // each is one of either thing
    return new RankingCounts(
        1, rankings.size(), wins + ties, ties, group.components(), group.rings());
  }
}
