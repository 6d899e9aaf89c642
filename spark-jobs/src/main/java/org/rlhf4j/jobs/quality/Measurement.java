package org.rlhf4j.jobs.quality;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.rlhf4j.config.QualityConfig;
import org.rlhf4j.config.QualityConfig.Level;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.jobs.quality.QualityResult.AnnotatorModel;
import org.rlhf4j.jobs.quality.QualityResult.Bounds;
import org.rlhf4j.jobs.quality.QualityResult.VoteCounts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The statistics of one set of votes, in the order in which they need each other. */
final class Measurement {
  private static final Logger LOG = LoggerFactory.getLogger(Measurement.class);

  private final JavaSparkContext context;
  private final CastVotes votes;
  private final QualityConfig config;
  private final Optional<JavaRDD<PreferencePair>> preferences;

  /**
   * @param preferences the votes come from, to be screened
   */
  Measurement(
      JavaSparkContext context,
      CastVotes votes,
      QualityConfig config,
      Optional<JavaRDD<PreferencePair>> preferences) {
    this.context = context;
    this.votes = votes;
    this.config = config;
    this.preferences = preferences;
  }

  QualityResult publish(long quarantined, Publisher publisher) {
    JavaRDD<CodedItem> items = votes.items();
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
    AnnotatorDatasets.Findings annotators =
        new AnnotatorDatasets(context, votes, config, publisher)
            .publish(items, counts, fit, preferences);
    annotators
        .kappaInterval()
        .ifPresent(i -> intervals.put("cohen_kappa_mean", new Bounds(i.low(), i.high())));
    return new QualityResult(
        voteCounts(counts, quarantined),
        votes.annotators().size(),
        statistics(counts),
        byName(alphas),
        annotators.meanKappa(),
        intervals,
        new AnnotatorModel(
            fit.model().name(), fit.iterations(), fit.isConverged(), fit.logLikelihood()),
        name(config.level()),
        annotators.rankings().counts(),
        annotators.rankings().crowd().map(Measurement::model),
        annotators.screening());
  }

  private static AnnotatorModel model(CrowdFit fit) {
    return new AnnotatorModel("crowd-bt", fit.iterations(), fit.isConverged(), fit.logPosterior());
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
        new ExpectationMaximization(context, items, counts.votes() * config.tolerance())
            .fit(model, annotators, config.maxIterations());
    LOG.info(
        "{} {} after {} iterations",
        fit.model().name(),
        fit.isConverged() ? "converged" : "has not converged",
        fit.iterations());
    return fit;
  }

  private VoteCounts voteCounts(AgreementCounts counts, long quarantined) {
    CastVotes.Counts cast = votes.counts();
    return new VoteCounts(
        counts.items(),
        counts.votes(),
        cast.duplicate(),
        cast.contradictory(),
        cast.missing(),
        cast.gold(),
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
