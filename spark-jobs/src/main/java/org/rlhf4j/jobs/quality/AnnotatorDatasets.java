package org.rlhf4j.jobs.quality;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.config.QualityConfig;
import org.rlhf4j.config.QualityConfig.Screening;
import org.rlhf4j.data.dataset.Annotator;
import org.rlhf4j.data.dataset.AnnotatorPair;
import org.rlhf4j.data.dataset.AnnotatorWindow;
import org.rlhf4j.data.dataset.Confusion;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.dataset.DroppedVote;
import org.rlhf4j.data.dataset.ItemVotes;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.jobs.quality.QualityResult.PreferenceCounts;
import org.rlhf4j.jobs.quality.QualityResult.ScreeningCounts;
import org.rlhf4j.jobs.quality.Resampling.Interval;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes what is known of the annotators, and the labels as their votes then count. */
final class AnnotatorDatasets {
  private static final Logger LOG = LoggerFactory.getLogger(AnnotatorDatasets.class);

  private static final double[] NONE = {};

  private final JavaSparkContext context;
  private final CastVotes votes;
  private final QualityConfig config;
  private final Publisher publisher;

  /**
   * @param meanKappa mean of Cohen's kappa over pairs of annotators
   */
  record Findings(
      Optional<Double> meanKappa,
      Optional<Interval> kappaInterval,
      Rankings.Result rankings,
      ScreeningCounts screening) {}

  AnnotatorDatasets(
      JavaSparkContext context, CastVotes votes, QualityConfig config, Publisher publisher) {
    this.context = context;
    this.votes = votes;
    this.config = config;
    this.publisher = publisher;
  }

  Findings publish(
      JavaRDD<CodedItem> items,
      AgreementCounts counts,
      LabelFit fit,
      Optional<JavaRDD<PreferencePair>> preferences) {
    Broadcast<LabelFit> shared = context.broadcast(fit);
    SparkSession spark = SparkSession.builder().sparkContext(context.sc()).getOrCreate();
    JavaRDD<AnnotatorSummary> summaries =
        AnnotatorWork.of(spark, items, shared, config.smoothing(), config.bootstrapSamples())
            .persist(StorageLevel.MEMORY_AND_DISK());
    int votesPerItem = PairAgreement.votesPerItem(counts);
    boolean isComplete = counts.pairs(votesPerItem) == counts.pairs();
    if (!isComplete) {
      LOG.warn(
          "The items have {} pairs of votes; {} votes of an item are paired at most, and Cohen's kappa"
              + " of every two annotators is left out",
          counts.pairs(),
          votesPerItem);
    }

    PairTest test = PairTest.of(config.suspicionLevel(), counts.pairs(votesPerItem));
    int replicates =
        isComplete ? Bootstrap.replicates(votes.labels().size(), config.bootstrapSamples()) : 0;
    try (PairAgreement pairs =
        PairAgreement.of(spark, items, shared, votesPerItem, test, replicates)) {
      PairTally tally = pairs.tally();
      OptionalDouble kappa = tally.meanKappa();
      Optional<Double> meanKappa =
          isComplete && kappa.isPresent() ? Optional.of(kappa.getAsDouble()) : Optional.empty();
      AnnotatorFlags flags = AnnotatorFlags.of(summaries, pairs.suspicions(), config);
      Screen screen =
          Screen.of(config, summaries, flags, votes.annotators(), votes.labels().size());
      Rankings.Result rankings =
          Rankings.publish(
              spark,
              items,
              votes.annotators().size(),
              config,
              context.broadcast(screen),
              publisher);
      publishAnnotators(summaries, pairs.suspicions(), flags, shared, screen, rankings.crowd());
      return new Findings(
          meanKappa,
          tally.interval(),
          rankings,
          screen(items, counts, shared, screen, preferences));
    } finally {
      summaries.unpersist();
    }
  }

  private void publishAnnotators(
      JavaRDD<AnnotatorSummary> summaries,
      JavaRDD<PairSuspicion> pairs,
      AnnotatorFlags flags,
      Broadcast<LabelFit> fit,
      Screen screen,
      Optional<CrowdFit> crowd) {
    Broadcast<Names> names = context.broadcast(votes.annotators());
    Broadcast<AnnotatorMarks> marks =
        context.broadcast(
            new AnnotatorMarks(screen, crowd.map(CrowdFit::reliability).orElse(NONE)));
    publisher.publish(
        Confusion.class, AggregatedLabels.confusions(summaries, names, fit, labels()));
    publisher.publish(Annotator.class, AnnotatorTable.annotators(summaries, flags, names, marks));
    publisher.publish(AnnotatorWindow.class, AnnotatorTable.windows(summaries, names));
    publisher.publish(AnnotatorPair.class, AnnotatorTable.pairs(pairs, names));
  }

  private ScreeningCounts screen(
      JavaRDD<CodedItem> items,
      AgreementCounts counts,
      Broadcast<LabelFit> fit,
      Screen screen,
      Optional<JavaRDD<PreferencePair>> preferences) {
    Broadcast<Names> names = context.broadcast(votes.annotators());
    Broadcast<Screen> weights = context.broadcast(screen);
    Broadcast<LabelNames> labels =
        context.broadcast(
            new LabelNames(List.copyOf(votes.labels().asList()), preferences.isEmpty()));
    long labelled =
        publisher.publish(ItemVotes.class, AggregatedLabels.of(items, fit, labels, weights));
    long dropped = 0;
    Optional<PreferenceCounts> rows = Optional.empty();
    if (screen.policy() == Screening.REPORT) {
      publisher.unpublish(DatasetSchema.of(DroppedVote.class).name());
    } else {
      dropped =
          publisher.publish(
              DroppedVote.class, AggregatedLabels.dropped(items, names, labels, weights));
      rows = preferences.map(p -> ScreenedPreferences.publish(p, names, weights, publisher));
    }

    if (rows.isEmpty()) {
      ScreenedPreferences.unpublish(publisher);
    }

    return new ScreeningCounts(
        screen.policy().name().toLowerCase(Locale.ROOT),
        screen.reasons().size(),
        counts.votes() - dropped,
        dropped,
        counts.items() - labelled,
        rows);
  }

  private Broadcast<List<String>> labels() {
    return context.broadcast(List.copyOf(votes.labels().asList()));
  }
}
