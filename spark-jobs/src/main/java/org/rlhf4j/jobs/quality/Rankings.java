package org.rlhf4j.jobs.quality;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.config.QualityConfig;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.dataset.PreferenceCycle;
import org.rlhf4j.data.dataset.Ranking;
import org.rlhf4j.jobs.quality.QualityResult.RankingCounts;

/** Ranks the things that annotators compared, group by group. A task holds one group at a time. */
final class Rankings {
  private Rankings() {}

  /**
   * What was found.
   *
   * @param counts empty if nothing was compared
   * @param crowd empty if fewer than two annotators compared something
   */
  record Result(Optional<RankingCounts> counts, Optional<CrowdFit> crowd) {}

  /**
   * Publishes the rankings and the cycles; takes back those of an earlier run if nothing was
   * compared.
   *
   * @param annotators A
   * @param screen what votes weigh
   */
  static Result publish(
      SparkSession spark,
      JavaRDD<CodedItem> items,
      int annotators,
      QualityConfig config,
      Broadcast<Screen> screen,
      Publisher publisher) {
    JavaRDD<CodedItem> compared =
        items.map(item -> screen.value().counted(item)).filter(item -> item.comparisons() > 0);
    if (compared.isEmpty()) {
      publisher.unpublish(DatasetSchema.of(Ranking.class).name()); // of an earlier run
      publisher.unpublish(DatasetSchema.of(PreferenceCycle.class).name());
      return new Result(Optional.empty(), Optional.empty());
    }

    JavaRDD<Tournament> tournaments =
        Tournaments.of(spark, compared, screen).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Optional<CrowdFit> crowd =
          annotators < 2 || config.rankingPrior() == 0
              ? Optional.empty()
              : fit(spark, tournaments, annotators, config);
      return new Result(
          Optional.of(publish(tournaments, crowd, config.rankingPrior(), publisher)), crowd);
    } finally {
      tournaments.unpersist();
    }
  }

  /** Of one annotator nothing can be known: his comparisons are all there is. */
  private static Optional<CrowdFit> fit(
      SparkSession spark, JavaRDD<Tournament> tournaments, int annotators, QualityConfig config) {
    CrowdFit fit =
        new CrowdBradleyTerry(
                JavaSparkContext.fromSparkContext(spark.sparkContext()),
                tournaments,
                annotators,
                config.smoothing(),
                config.rankingPrior())
            .fit(config.tolerance(), config.maxIterations());
    long compared = Arrays.stream(fit.reliability()).filter(eta -> !Double.isNaN(eta)).count();
    return compared < 2 ? Optional.empty() : Optional.of(fit);
  }

  private static RankingCounts publish(
      JavaRDD<Tournament> tournaments,
      Optional<CrowdFit> crowd,
      double prior,
      Publisher publisher) {
    CrowdFit[] known = crowd.stream().toArray(CrowdFit[]::new); // a closure takes no Optional
    Broadcast<CrowdFit[]> shared =
        JavaSparkContext.fromSparkContext(tournaments.context()).broadcast(known);
    JavaRDD<RankedGroup> groups =
        tournaments
            .map(
                tournament ->
                    RankedGroup.of(tournament, prior, Arrays.stream(shared.value()).findFirst()))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      publisher.publish(Ranking.class, groups.flatMap(group -> group.rankings().iterator()));
      publisher.publish(PreferenceCycle.class, groups.flatMap(group -> group.cycles().iterator()));
      RankingCounts none = new RankingCounts(0, 0, 0, 0, 0, 0, 0);
      return groups.map(Rankings::counts).fold(none, RankingCounts::plus);
    } finally {
      groups.unpersist();
    }
  }

  private static RankingCounts counts(RankedGroup group) {
    List<Ranking> rankings = group.rankings();
    long wins = rankings.stream().mapToLong(Ranking::wins).sum();
    long ties = rankings.stream().mapToLong(Ranking::ties).sum() / 2; // each is one of either thing
    return new RankingCounts(
        1,
        rankings.size(),
        wins + ties,
        ties,
        group.components(),
        group.rings(),
        group.isConverged() ? 0 : 1);
  }
}
