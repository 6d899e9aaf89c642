package org.rlhf4j.jobs.prepare;

import static org.rlhf4j.jobs.JobException.badInput;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.PrepareConfig;
import org.rlhf4j.config.PrepareConfig.NearDuplicates;
import org.rlhf4j.data.raw.RawFormat;
import org.rlhf4j.data.raw.SourceWeights;
import org.rlhf4j.data.raw.SplitRule;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;
import org.rlhf4j.jobs.dataset.InputFile;
import org.rlhf4j.jobs.dataset.InputFiles;
import org.rlhf4j.jobs.dataset.InputSelection;
import org.rlhf4j.jobs.dataset.RawRow;
import org.rlhf4j.jobs.dataset.RawRows;
import org.rlhf4j.jobs.dataset.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ingests raw feedback: reads, checks, removes duplicates and contradictions, splits, and publishes
 * the datasets that are not empty, the quarantine, and {@code summary.json}.
 *
 * <p>One shuffle brings the rows of a prompt together, sorted; one pass over it decides about each
 * row. The number of shards depends on the number of rows alone, so the published files are the
 * same on any cluster, and whether the rows came in one file or in many.
 */
public final class PrepareJob {
  private static final Logger LOG = LoggerFactory.getLogger(PrepareJob.class);
  private static final String AUTO = "auto";
  private static final int ROWS_PER_SHARD = 20_000;
  private static final String SUMMARY = "summary.json";

  private final SparkSession spark;
  private final PrepareConfig prepare;
  private final DataConfig data;
  private final OutputFormat outputFormat;
  private final Optional<String> tokenizer;
  private final Sharding sharding;

  /** Publishes Parquet and knows no tokenizer, so no row is too long. */
  public PrepareJob(SparkSession spark, PrepareConfig prepare, DataConfig data) {
    this(spark, prepare, data, OutputFormat.PARQUET, Optional.empty());
  }

  /**
   * @param tokenizer directory of the tokenizer that the limits of {@code data} are counted in
   */
  public PrepareJob(
      SparkSession spark,
      PrepareConfig prepare,
      DataConfig data,
      OutputFormat outputFormat,
      Optional<String> tokenizer) {
    this(spark, prepare, data, outputFormat, tokenizer, ROWS_PER_SHARD);
  }

  PrepareJob(
      SparkSession spark,
      PrepareConfig prepare,
      DataConfig data,
      OutputFormat outputFormat,
      Optional<String> tokenizer,
      int rowsPerShard) {
    this.spark = withFixedPlans(spark);
    this.prepare = prepare;
    this.data = data;
    this.outputFormat = outputFormat;
    this.tokenizer = tokenizer;
    this.sharding = new Sharding(prepare.shards(), rowsPerShard, prepare.splitSeed());
  }

  /**
   * A session whose plans do not change on the way: the numbers of partitions are chosen here, and
   * planning every stage anew would take longer than the stages of a small input.
   */
  private static SparkSession withFixedPlans(SparkSession spark) {
    SparkSession session = spark.newSession();
    session.conf().set("spark.sql.adaptive.enabled", "false");
    return session;
  }

  /** What is wrong with the name of a raw format; empty if rows can be prepared by it. */
  public static Optional<String> fault(String format) {
    if (format.equals(RawFormat.VOTE.formatName())) {
      return Optional.of("Votes are no training data; give them to the command quality.");
    }

    return format.equals(AUTO) || RawFormat.named(format).isPresent()
        ? Optional.empty()
        : Optional.of(
            "There is no raw format %s; use auto or one of %s."
                .formatted(format, String.join(", ", RawFormat.names())));
  }

  /**
   * @param inputs paths, globs or folders
   * @param format name of a raw format, or {@code auto}
   * @param output directory for the datasets
   * @throws org.rlhf4j.jobs.JobException if an input is missing or empty, or too many rows are bad;
   *     then the quarantine is published all the same
   */
  public PrepareResult execute(List<String> inputs, String format, String output) {
    fault(format)
        .ifPresent(
            sentence -> {
              throw badInput("%s", sentence);
            });
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    InputFiles inputFiles = new InputFiles(context.hadoopConfiguration());
    InputSelection input = inputFiles.select(inputs).warnOfLeftOut();
    List<InputFile> heldOutFiles = inputFiles.find(prepare.heldOut().paths());
    HeldOut heldOut = new HeldOutSets(spark).read(heldOutFiles, prepare.heldOut().ngram());
    RowIngest.Settings settings =
        new RowIngest.Settings(
            format, LengthRule.of(data, tokenizer), heldOut, prepare.nearDuplicates());
    PreparedDatasets datasets =
        new PreparedDatasets(
            spark,
            settings,
            splitRule(),
            new SourceWeights(prepare.sourceFactors()),
            sharding,
            outputFormat,
            output,
            inputs);
    datasets.refuseAsInput(input.files());
    datasets.refuseAsInput(heldOutFiles);
    datasets.unpublish();

    JavaRDD<RawRow> rows = new RawRows(spark).read(input.files());
    InputScan scan = InputScan.of(rows);
    int partitions = sharding.partitions(scan.rows());
    Dataset<Row> decided =
        new Decisions(spark, settings, partitions).decide(rows, scan.mayHoldTreeMessages());
    decided.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return prepare.nearDuplicates() == NearDuplicates.OFF
          ? publish(decided, Optional.empty(), input, datasets, output)
          : publishUnlike(decided, partitions, settings, input, datasets, output);
    } finally {
      decided.unpersist();
    }
  }

  private PrepareResult publishUnlike(
      Dataset<Row> decided,
      int partitions,
      RowIngest.Settings settings,
      InputSelection input,
      PreparedDatasets datasets,
      String output) {
    LikeRows likeRows = new LikeRows(spark, settings, splitRule(), partitions);
    Dataset<Row> removals = likeRows.find(decided).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return publish(decided, Optional.of(removals), input, datasets, output);
    } finally {
      removals.unpersist();
    }
  }

  private PrepareResult publish(
      Dataset<Row> decided,
      Optional<Dataset<Row>> removals,
      InputSelection input,
      PreparedDatasets datasets,
      String output) {
    RowCounts all = RowCounts.of(decided);
    RowCounts counts = removals.map(all::without).orElse(all);
    datasets.publishQuarantine(decided);
    writeSummary(counts.result(input, Map.of()), output);
    refuseBadShare(counts, output);
    removals.ifPresent(datasets::publishNearDuplicates);

    Column removed = removals.map(RemovedRows::of).orElseGet(RemovedRows::none);
    PrepareResult result = counts.result(input, datasets.publish(decided, removed, counts));
    refuseNothing(result, output);
    writeSummary(result, output);
    datasets.warnOfUnknownSources(result.datasets().keySet());
    LOG.info(
        "Prepared {} rows: kept {}, quarantined {} {}, duplicates {}",
        result.read(),
        result.kept(),
        result.quarantined(),
        result.reasons(),
        result.duplicates());
    return result;
  }

  /** Messages of conversation trees that rank nothing are kept, and are rows of no dataset. */
  private static void refuseNothing(PrepareResult result, String output) {
    if (result.datasets().isEmpty()) {
      throw badInput(
          "None of the %d rows can be used; see the reasons in %s%s.",
          result.read(),
          new Path(output, SUMMARY),
          result.kept() == 0
              ? ""
              : " (the " + result.kept() + " kept are messages of trees without ranked replies)");
    }
  }

  private void refuseBadShare(RowCounts counts, String output) {
    if (counts.badShare() > prepare.maxBadShare()) {
      throw badInput(
          "%.1f %% of the %d rows are bad, more than prepare.max-bad-share = %s allows;"
              + " see %s/quarantine, then correct the input or raise the limit.",
          100 * counts.badShare(), counts.read(), prepare.maxBadShare(), output);
    }
  }

  private void writeSummary(PrepareResult result, String output) {
    Storage storage =
        new Storage(JavaSparkContext.fromSparkContext(spark.sparkContext()).hadoopConfiguration());
    storage.replaceText(new Path(output, SUMMARY), SummaryJson.write(result));
  }

  private SplitRule splitRule() {
    return new SplitRule(prepare.validationShare(), prepare.testShare(), prepare.splitSeed());
  }
}
