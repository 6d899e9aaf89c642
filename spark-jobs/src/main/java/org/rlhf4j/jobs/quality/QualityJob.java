package org.rlhf4j.jobs.quality;

import static org.rlhf4j.jobs.JobException.badInput;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.config.QualityConfig;
import org.rlhf4j.config.QualityConfig.Level;
import org.rlhf4j.data.dataset.Annotator;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.dataset.ItemVotes;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;
import org.rlhf4j.jobs.dataset.InputFiles;
import org.rlhf4j.jobs.dataset.RawRow;
import org.rlhf4j.jobs.dataset.RawRows;
import org.rlhf4j.jobs.dataset.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Measures how annotators agree and aggregates their labels: publishes {@code votes} (one row per
 * item), {@code annotators}, the {@code quarantine} of rows that could not be read, and {@code
 * quality.json}.
 */
public final class QualityJob {
  private static final Logger LOG = LoggerFactory.getLogger(QualityJob.class);
  private static final String PRODUCER = "quality";
  private static final String RESULT = "quality.json";

  private final SparkSession spark;
  private final JavaSparkContext context;
  private final QualityConfig config;
  private final Datasets datasets;

  public QualityJob(SparkSession spark, QualityConfig config, OutputFormat format) {
    this.spark = spark;
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.config = config;
    this.datasets = new Datasets(spark, format);
  }

  /**
   * @param inputs published {@code preferences} (or outputs of prepare that hold them), or raw
   *     files with {@code vote} rows
   * @throws org.rlhf4j.jobs.JobException if there is no vote
   */
  public QualityResult execute(List<String> inputs, String output) {
    boolean arePreferences =
        inputs.stream().allMatch(input -> datasets.holds(input, PreferencePair.class));
    return arePreferences ? ofPreferences(inputs, output) : ofRawVotes(inputs, output);
  }

  private QualityResult ofPreferences(List<String> inputs, String output) {
    JavaRDD<Row> votes = context.emptyRDD();
    for (String input : inputs) {
      votes = votes.union(datasets.read(input, PreferencePair.class).map(VoteRows::of));
    }

    return measure(votes, 0, inputs, output);
  }

  private QualityResult ofRawVotes(List<String> inputs, String output) {
    JavaRDD<RawRow> raw =
        new RawRows(spark).read(new InputFiles(context.hadoopConfiguration()).find(inputs));
    JavaRDD<QuarantinedRow> refused = raw.flatMap(row -> VoteRows.refused(row).iterator());
    long quarantined = publish(QuarantinedRow.class, refused, inputs, output);
    JavaRDD<Row> votes = raw.flatMap(row -> VoteRows.of(row).iterator());
    return measure(votes, quarantined, inputs, output);
  }

  private QualityResult measure(
      JavaRDD<Row> votes, long quarantined, List<String> inputs, String output) {
    Dataset<Row> frame =
        spark.createDataFrame(votes, VoteRows.SCHEMA).persist(StorageLevel.MEMORY_AND_DISK());
    CastVotes cast = CastVotes.of(frame);
    JavaRDD<VotedItem> items = cast.items().persist(StorageLevel.MEMORY_AND_DISK());
    try {
      AgreementCounts counts =
          items.aggregate(new AgreementCounts(), QualityJob::plus, AgreementCounts::merge);
      if (counts.votes() == 0) {
        throw badInput(
            "There is no vote in %s (%d rows could not be read); give rows with item, annotator and"
                + " label.",
            String.join(", ", inputs), quarantined);
      }

      publish(ItemVotes.class, items.map(VotedItem::summary), inputs, output);
      long annotators = publish(Annotator.class, annotators(items, counts), inputs, output);
      OptionalDouble kappa = PairKappas.mean(spark, items);
      return write(result(counts, cast.counts(), annotators, kappa, quarantined), output);
    } finally {
      items.unpersist();
      frame.unpersist();
    }
  }

  private static AgreementCounts plus(AgreementCounts counts, VotedItem item) {
    Map<String, Integer> votes = item.votesByLabel();
    item.knownLabel().ifPresent(gold -> counts.plusGold(votes, gold));
    return counts.plus(votes);
  }

  private JavaRDD<Annotator> annotators(JavaRDD<VotedItem> items, AgreementCounts counts) {
    Map<String, Double> accuracy =
        new AnnotatorAccuracy(context, items, counts.distinctLabels()).estimate();
    List<Tuple2<String, Double>> pairs =
        accuracy.entrySet().stream().map(e -> new Tuple2<>(e.getKey(), e.getValue())).toList();
    JavaPairRDD<String, Double> byAnnotator = context.parallelizePairs(pairs);
    return AnnotatorTable.of(items, byAnnotator);
  }

  private QualityResult result(
      AgreementCounts counts,
      CastVotes.Counts cast,
      long annotators,
      OptionalDouble cohenKappaMean,
      long quarantined) {
    KrippendorffAlpha alpha = KrippendorffAlpha.of(counts);
    Map<String, Optional<Double>> alphas = new LinkedHashMap<>();
    for (Level level : Level.values()) {
      alphas.put(name(level), boxed(alpha.at(level)));
    }

    return new QualityResult(
        counts.items(),
        annotators,
        counts.votes(),
        boxed(Agreement.fleissKappa(counts)),
        alphas,
        boxed(cohenKappaMean),
        boxed(Agreement.pairwise(counts)),
        boxed(Agreement.withGold(counts)),
        name(config.level()),
        cast.duplicate(),
        cast.contradictory(),
        cast.missing(),
        quarantined);
  }

  private <R extends Record> long publish(
      Class<R> dataset, JavaRDD<R> rows, List<String> inputs, String output) {
    String directory = new Path(output, DatasetSchema.of(dataset).name()).toString();
    return datasets.publish(directory, dataset, rows, PRODUCER, inputs);
  }

  private QualityResult write(QualityResult result, String output) {
    new Storage(context.hadoopConfiguration())
        .replaceText(new Path(output, RESULT), QualityJson.write(result));
    LOG.info(
        "{} votes of {} annotators on {} items: alpha {}",
        result.votes(),
        result.annotators(),
        result.items(),
        result.krippendorffAlpha().get(result.level()).map(String::valueOf).orElse("undefined"));
    return result;
  }

  private static String name(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  private static Optional<Double> boxed(OptionalDouble value) {
    return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
  }
}
