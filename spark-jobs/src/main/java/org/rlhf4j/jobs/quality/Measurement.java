package org.rlhf4j.jobs.quality;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.config.QualityConfig;
import org.rlhf4j.config.QualityConfig.Level;
import org.rlhf4j.data.dataset.Annotator;
import org.rlhf4j.data.dataset.AnnotatorPair;
import org.rlhf4j.data.dataset.AnnotatorWindow;
import org.rlhf4j.data.dataset.Confusion;
import org.rlhf4j.data.dataset.ItemVotes;
import org.rlhf4j.jobs.quality.QualityResult.AnnotatorModel;
import org.rlhf4j.jobs.quality.QualityResult.Bounds;
import org.rlhf4j.jobs.quality.QualityResult.VoteCounts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The statistics of one set of votes, in the order in which they need each other. */
final class Measurement {
  private static final Logger LOG = LoggerFactory.getLogger(Measurement.class);

  private final JavaSparkContext context;
  private final SparkSession spark;
  private final CastVotes votes;
  private final QualityConfig config;

  Measurement(JavaSparkContext context, CastVotes votes, QualityConfig config) {
    this.context = context;
    this.spark = SparkSession.builder().sparkContext(context.sc()).getOrCreate();
    this.votes = votes;
    this.config = config;
  }

  QualityResult publish(long quarantined, Publisher publisher) {
    JavaRDD<CodedItem> items = votes.items().persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return publish(items, quarantined, publisher);
    } finally {
      items.unpersist();
    }
  }

  private QualityResult publish(JavaRDD<CodedItem> items, long quarantined, Publisher publisher) {
    int labels = votes.labels().size();
    AgreementCounts counts =
        items.aggregate(new AgreementCounts(labels), AgreementCounts::plus, AgreementCounts::merge);
    LabelScale scale = LabelScale.of(votes.labels().asList(), counts.labelVotes());
    Map<Level, OptionalDouble> alphas = alphas(items, counts, scale);
    Map<String, Bounds> intervals = new LinkedHashMap<>();
    new Bootstrap(labels, scale, config.bootstrapSamples())
        .intervals(items)
        .forEach(
            (s, interval) -> intervals.put(s.key(), new Bounds(interval.low(), interval.high())));

    LabelFit fit = fit(items, counts);
    Optional<Double> meanKappa = publishAnnotators(items, counts, fit, publisher);
    return new QualityResult(
        voteCounts(counts, quarantined),
        votes.annotators().size(),
        statistics(counts),
        byName(alphas),
        meanKappa,
        intervals,
        new AnnotatorModel(
            fit.model().name(), fit.iterations(), fit.isConverged(), fit.logLikelihood()),
        name(config.level()),
        Rankings.publish(items, publisher));
  }

  private static Map<Level, OptionalDouble> alphas(
      JavaRDD<CodedItem> items, AgreementCounts counts, LabelScale scale) {
    long[] labelVotes = counts.labelVotes();
    Disagreement observed =
        items.aggregate(
            new Disagreement(scale, labelVotes), Disagreement::plus, Disagreement::merge);
    Map<Level, OptionalDouble> alphas = new EnumMap<>(Level.class);
    for (Level level : Level.values()) {
      alphas.put(level, KrippendorffAlpha.of(level, observed.at(level), scale, labelVotes));
    }

    return alphas;
  }

  private LabelFit fit(JavaRDD<CodedItem> items, AgreementCounts counts) {
    int annotators = votes.annotators().size();
    LabelModel model = LabelModel.of(annotators, votes.labels().size(), config.smoothing());
    LabelFit fit =
        new ExpectationMaximization(context, items, counts.votes())
            .fit(model, annotators, config.maxIterations());
    LOG.info(
        "{} {} after {} iterations",
        fit.model().name(),
        fit.isConverged() ? "converged" : "has not converged",
        fit.iterations());
    return fit;
  }

  /** Returns the mean of Cohen's kappa over pairs of annotators. */
  private Optional<Double> publishAnnotators(
      JavaRDD<CodedItem> items, AgreementCounts counts, LabelFit fit, Publisher publisher) {
    Broadcast<LabelFit> shared = context.broadcast(fit);
    Broadcast<List<String>> labels = context.broadcast(List.copyOf(votes.labels().asList()));
    Broadcast<Names> names = context.broadcast(votes.annotators());
    JavaRDD<AnnotatorSummary> summaries =
        AnnotatorWork.of(spark, items, shared, config.smoothing(), config.bootstrapSamples())
            .persist(StorageLevel.MEMORY_AND_DISK());
    boolean isComplete = counts.pairs(Integer.MAX_VALUE) <= PairAgreement.MAX_PAIRS;
    int votesPerItem = isComplete ? Integer.MAX_VALUE : votesPerItem(counts);
    PairTest test = PairTest.of(config.suspicionLevel(), counts.pairs(votesPerItem));
    try (PairAgreement pairs = PairAgreement.of(spark, items, shared, votesPerItem, test)) {
      OptionalDouble meanKappa = pairs.tally().meanKappa();
      AnnotatorFlags flags = AnnotatorFlags.of(summaries, pairs.suspicions(), config);
      publisher.publish(ItemVotes.class, AggregatedLabels.of(items, shared, labels));
      publisher.publish(
          Confusion.class, AggregatedLabels.confusions(summaries, names, shared, labels));
      publisher.publish(Annotator.class, AnnotatorTable.annotators(summaries, flags, names));
      publisher.publish(AnnotatorWindow.class, AnnotatorTable.windows(summaries, names));
      publisher.publish(AnnotatorPair.class, AnnotatorTable.pairs(pairs.suspicions(), names));
      return isComplete ? boxed(meanKappa) : Optional.empty();
    } finally {
      summaries.unpersist();
    }
  }

  /** Most votes of an item that may be paired. */
  private static int votesPerItem(AgreementCounts counts) {
    int most = 2;
    while (counts.pairs(most + 1) <= PairAgreement.MAX_PAIRS) {
      most++;
    }

    LOG.warn(
        "The items have {} pairs of votes; {} votes of an item are paired at most, and Cohen's kappa"
            + " of every two annotators is left out",
        counts.pairs(Integer.MAX_VALUE),
        most);
    return most;
  }

  private VoteCounts voteCounts(AgreementCounts counts, long quarantined) {
    CastVotes.Counts cast = votes.counts();
    return new VoteCounts(
        counts.items(),
        counts.votes(),
        cast.duplicate(),
        cast.contradictory(),
        cast.missing(),
        quarantined);
  }

  private static Map<String, Double> statistics(AgreementCounts counts) {
    Map<String, Double> statistics = new LinkedHashMap<>();
    Agreement.fleissKappa(counts).ifPresent(v -> statistics.put("fleiss_kappa", v));
    Agreement.pairwise(counts).ifPresent(v -> statistics.put("pairwise_agreement", v));
    Agreement.withGold(counts).ifPresent(v -> statistics.put("gold_agreement", v));
    putShare(statistics, "first_chosen", counts.positions());
    putShare(statistics, "longer_chosen", counts.lengths());
    return statistics;
  }

  private static void putShare(Map<String, Double> statistics, String key, long[] wholeAndPart) {
    if (wholeAndPart[0] > 0) {
      statistics.put(key, (double) wholeAndPart[1] / wholeAndPart[0]);
    }
  }

  private static Map<String, Optional<Double>> byName(Map<Level, OptionalDouble> alphas) {
    Map<String, Optional<Double>> named = new LinkedHashMap<>();
    alphas.forEach((level, alpha) -> named.put(name(level), boxed(alpha)));
    return named;
  }

  private static String name(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  private static Optional<Double> boxed(OptionalDouble value) {
    return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
  }
}
