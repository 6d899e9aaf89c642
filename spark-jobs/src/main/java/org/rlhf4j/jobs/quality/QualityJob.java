package org.rlhf4j.jobs.quality;

import static org.rlhf4j.jobs.JobException.badInput;

import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.rlhf4j.config.QualityConfig;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;
import org.rlhf4j.jobs.dataset.InputFiles;
import org.rlhf4j.jobs.dataset.RawRow;
import org.rlhf4j.jobs.dataset.RawRows;
import org.rlhf4j.jobs.dataset.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures how annotators agree and aggregates their labels: publishes {@code votes} (one row per
 * item), {@code annotators}, their {@code confusions}, the {@code quarantine} of rows that could
 * not be read, and {@code quality.json}. Under a screening policy other than report, preferences
 * come out as {@code screened/preferences}, for trainers.
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
   * @param inputs published {@code preferences}, or published {@code ratings} (or outputs of
   *     prepare that hold them), or raw files with {@code vote} rows
   * @throws org.rlhf4j.jobs.JobException if there is no vote, too many rows are bad, or the
   *     annotators agree less than {@code quality.min-alpha}; in the last case after everything is
   *     published
   */
  public QualityResult execute(List<String> inputs, String output) {
    QualityResult result;
    if (allHold(inputs, PreferencePair.class)) {
      result = ofPreferences(inputs, output);
    } else if (allHold(inputs, Rating.class)) {
      result = ofRatings(inputs, output);
    } else {
      refuseMixture(inputs);
      result = ofRawVotes(inputs, output);
    }

    AlphaGate.of(config).check(result, output);
    return result;
  }

  private boolean allHold(List<String> inputs, Class<? extends Record> dataset) {
    return inputs.stream().allMatch(input -> datasets.holds(input, dataset));
  }

  private void refuseMixture(List<String> inputs) {
    for (String input : inputs) {
      if (datasets.holds(input, PreferencePair.class) || datasets.holds(input, Rating.class)) {
        throw badInput(
            "%s holds a published dataset, but not all inputs hold the same one; give preferences,"
                + " ratings and files of votes one after the other",
            input);
      }
    }
  }

  private QualityResult ofRatings(List<String> inputs, String output) {
    JavaRDD<Row> votes = context.emptyRDD();
    for (String input : inputs) {
      votes = votes.union(datasets.read(input, Rating.class).map(VoteRows::of));
    }

    return measure(votes, Optional.empty(), () -> 0, inputs, output);
  }

  private QualityResult ofPreferences(List<String> inputs, String output) {
    JavaRDD<PreferencePair> pairs = context.emptyRDD();
    for (String input : inputs) {
      if (ScreenedPreferences.isOwn(context.hadoopConfiguration(), input, output)) {
        throw badInput(
            "%s is where this command writes to; give the preferences it was made from as --input,"
                + " or another --output",
            input);
      }

      pairs = pairs.union(datasets.read(input, PreferencePair.class));
    }

    return measure(pairs.map(VoteRows::of), Optional.of(pairs), () -> 0, inputs, output);
  }

  private QualityResult ofRawVotes(List<String> inputs, String output) {
    JavaRDD<RawRow> raw =
        new RawRows(spark).read(new InputFiles(context.hadoopConfiguration()).find(inputs));
    LongAccumulator refused = context.sc().longAccumulator();
    JavaRDD<Row> votes = raw.flatMap(row -> VoteRows.of(row, refused).iterator());
    return measure(
        votes, Optional.empty(), () -> quarantine(raw, refused, inputs, output), inputs, output);
  }

  /** Reads the rows again only where some were refused, which a task counts once or more often. */
  private long quarantine(
      JavaRDD<RawRow> raw, LongAccumulator refused, List<String> inputs, String output) {
    JavaRDD<QuarantinedRow> rows =
        refused.isZero()
            ? context.emptyRDD()
            : raw.flatMap(row -> VoteRows.refused(row).iterator());
    return new Publisher(datasets, PRODUCER, inputs, output).publish(QuarantinedRow.class, rows);
  }

  private QualityResult measure(
      JavaRDD<Row> rows,
      Optional<JavaRDD<PreferencePair>> preferences,
      LongSupplier quarantine,
      List<String> inputs,
      String output) {
    JavaRDD<Row> known = new GoldRows(spark, datasets).read(config.gold());
    Dataset<Row> all = spark.createDataFrame(rows.union(known), VoteRows.SCHEMA);
    try (CastVotes votes = CastVotes.of(context, all, config.experts())) {
      long quarantined = quarantine.getAsLong();
      votes.check();
      if (votes.labels().size() == 0) {
        throw badInput(
            "There is no vote in %s (%d rows could not be read); give rows with item, annotator and"
                + " label.",
            String.join(", ", inputs), quarantined);
      }

      refuseBadShare(quarantined, votes.counts().rows() + quarantined, output);

      Measurement measurement = new Measurement(context, votes, config, preferences);
      QualityResult result =
          measurement.publish(quarantined, new Publisher(datasets, PRODUCER, inputs, output));
      new Storage(context.hadoopConfiguration())
          .replaceText(new Path(output, RESULT), QualityJson.write(result));
      log(result);
      return result;
    }
  }

  private void refuseBadShare(long bad, long read, String output) {
    if (bad > config.maxBadShare() * read) {
      throw badInput(
          "%.1f %% of the %d rows are no votes, more than quality.max-bad-share = %s allows; see"
              + " %s/quarantine, then correct the input (preferences and ratings are given as prepare"
              + " publishes them) or raise the limit.",
          100.0 * bad / read, read, config.maxBadShare(), output);
    }
  }

  private static void log(QualityResult result) {
    LOG.info(
        "{} votes of {} annotators on {} items: alpha {}",
        result.votes(),
        result.annotators(),
        result.items(),
        result.krippendorffAlpha().get(result.level()).map(String::valueOf).orElse("undefined"));
  }
}
