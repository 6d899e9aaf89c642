package org.rlhf4j.jobs.prepare;

import static org.rlhf4j.jobs.JobException.badInput;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.dataset.Demonstration;
import org.rlhf4j.data.dataset.NearDuplicate;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.data.raw.DatasetRecord;
import org.rlhf4j.data.raw.DatasetRows;
import org.rlhf4j.data.raw.RawRecord;
import org.rlhf4j.data.raw.SourceWeights;
import org.rlhf4j.data.raw.SplitRule;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;
import org.rlhf4j.jobs.dataset.InputFile;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.prepare.Candidate.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes decided rows as datasets under one output directory. */
final class PreparedDatasets {
  private static final Logger LOG = LoggerFactory.getLogger(PreparedDatasets.class);
  private static final String PRODUCER = "prepare";

  private static final List<Class<? extends Record>> ALL =
      List.of(
          PreferencePair.class,
          Demonstration.class,
          Prompt.class,
          Rating.class,
          QuarantinedRow.class,
          NearDuplicate.class);

  private final RowIngest.Settings settings;
  private final SplitRule splits;
  private final SourceWeights weights;
  private final Sharding sharding;
  private final Datasets datasets;
  private final Storage storage;
  private final String output;
  private final List<String> inputs;

  /** Rows of one dataset from one record. */
  @FunctionalInterface
  private interface RowMaker<R extends Record> extends java.io.Serializable {
    Stream<R> rows(DatasetRows rows, Candidate candidate, DatasetRecord row);
  }

  PreparedDatasets(
      SparkSession spark,
      RowIngest.Settings settings,
      SplitRule splits,
      SourceWeights weights,
      Sharding sharding,
      OutputFormat format,
      String output,
      List<String> inputs) {
    this.settings = settings;
    this.splits = splits;
    this.weights = weights;
    this.sharding = sharding;
    this.datasets = new Datasets(spark, format);
    this.storage = new Storage(spark.sparkContext().hadoopConfiguration());
    this.output = output;
    this.inputs = inputs;
  }

  /**
   * @throws org.rlhf4j.jobs.JobException if a file lies where {@link #unpublish} deletes
   */
  void refuseAsInput(List<InputFile> files) {
    for (InputFile file : files) {
      for (Class<? extends Record> dataset : ALL) {
        if (storage.isWithin(new Path(directory(dataset)), new Path(file.path()))) {
          throw badInput(
              "Input %s lies in %s, which this command replaces; give another --output.",
              file.displayName(), directory(dataset));
        }
      }
    }
  }

  /** Takes back what an earlier run published here, so that nothing old stands beside the new. */
  void unpublish() {
    ALL.forEach(dataset -> datasets.unpublish(directory(dataset)));
  }

  void publishQuarantine(Dataset<Row> decided) {
    JavaRDD<QuarantinedRow> rows =
        decided
            .filter(functions.col("outcome").equalTo(Outcome.QUARANTINED.name()))
            .javaRDD()
            .map(row -> quarantined(Candidate.fromRow(row)));
    publish(QuarantinedRow.class, rows);
  }

  /** Rows of {@link Removals}. */
  void publishNearDuplicates(Dataset<Row> removals) {
    publish(NearDuplicate.class, removals.javaRDD().map(PreparedDatasets::nearDuplicate));
  }

  /**
   * The datasets that have rows, with their numbers of rows.
   *
   * @param removed which rows are left out
   */
  Map<String, Long> publish(Dataset<Row> decided, Column removed, RowCounts counts) {
    Dataset<Row> kept =
        decided
            .filter(functions.col("outcome").equalTo(Outcome.KEPT.name()))
            .filter(functions.not(removed))
            .withColumn("signature", functions.lit(Candidate.NO_SIGNATURE));
    Map<String, Long> published = new TreeMap<>();
    for (Map.Entry<String, Long> entry : counts.keptDatasets().entrySet()) {
      String dataset = entry.getKey();
      Dataset<Row> ofDataset = kept.filter(functions.col("dataset").equalTo(dataset));
      int shards = sharding.of(entry.getValue());
      ShardPlan plan = ShardPlan.of(ofDataset, shards, sharding.seed());
      JavaRDD<Row> rows = plan.shard(ofDataset).javaRDD();
      published.put(dataset, publish(dataset, rows, plan));
      if (dataset.equals(name(PreferencePair.class))
          && !counts.keptDatasets().containsKey(name(Prompt.class))) {
        published.put(name(Prompt.class), publishPrompts(rows, counts.keepsTrees()));
      }
    }

    return published;
  }

  /**
   * Says which sources with a factor no published row has.
   *
   * @param published names of datasets
   */
  void warnOfUnknownSources(Set<String> published) {
    if (weights.factors().isEmpty()) {
      return;
    }

    Set<String> sources = new TreeSet<>();
    ALL.stream()
        .filter(dataset -> published.contains(name(dataset)))
        .flatMap(
            dataset ->
                datasets
                    .readRows(directory(dataset), dataset)
                    .select("source")
                    .distinct()
                    .collectAsList()
                    .stream())
        .forEach(row -> sources.add(row.getString(0)));
    List<String> unknown = weights.unknownTo(sources);
    if (!unknown.isEmpty()) {
      LOG.warn(
          "prepare.source-weights names {}, but the sources of the rows are {}", unknown, sources);
    }
  }

  /** Those of the preferences. Nested conversation trees have several each. */
  private long publishPrompts(JavaRDD<Row> rows, boolean areTrees) {
    PreferencePrompts made = new PreferencePrompts(settings, splits);
    JavaRDD<Prompt> prompts =
        areTrees
            ? made.ofPublished(datasets, directory(PreferencePair.class))
            : made.ofRankings(rows);
    return publish(Prompt.class, prompts, () -> made.tokens(prompts));
  }

  private long publish(String dataset, JavaRDD<Row> rows, ShardPlan plan) {
    if (dataset.equals(name(PreferencePair.class))) {
      return publish(PreferencePair.class, made(rows, PreparedDatasets::pairs), plan::lengths);
    } else if (dataset.equals(name(Demonstration.class))) {
      return publish(
          Demonstration.class,
          made(
              rows,
              (made, candidate, raw) ->
                  Stream.of(made.demonstration((RawRecord.DemonstratedResponse) raw))),
          plan::lengths);
    } else if (dataset.equals(name(Rating.class))) {
      return publish(
          Rating.class,
          made(
              rows,
              (made, candidate, raw) -> Stream.of(made.rating((RawRecord.RatedResponse) raw))),
          plan::lengths);
    }

    return publish(
        Prompt.class,
        made(rows, (made, candidate, raw) -> Stream.of(made.prompt((RawRecord.PlainPrompt) raw))),
        plan::lengths);
  }

  private <R extends Record> JavaRDD<R> made(JavaRDD<Row> rows, RowMaker<R> maker) {
    RowIngest.Settings local = settings;
    SplitRule rule = splits;
    SourceWeights factors = weights;
    return rows.mapPartitions(
        partition -> made(partition, local.ingest(), new DatasetRows(rule, factors), maker));
  }

  private static <R extends Record> Iterator<R> made(
      Iterator<Row> partition, RowIngest ingest, DatasetRows rows, RowMaker<R> maker) {
    return Iterators.stream(partition)
        .map(Candidate::fromRow)
        .flatMap(candidate -> maker.rows(rows, candidate, ingest.record(candidate)))
        .iterator();
  }

  /** Prompt id and key of a ranking are those by which it was compared. */
  private static Stream<PreferencePair> pairs(
      DatasetRows rows, Candidate candidate, DatasetRecord raw) {
    if (raw instanceof RawRecord.Tree tree) {
      return tree.rankings().stream().flatMap(ranking -> rows.pairs(ranking).stream());
    } else if (raw instanceof RawRecord.Comparisons comparisons) {
      return rows.pairs(comparisons, candidate.group(), candidate.key()).stream();
    }

    return rows.pairs((RawRecord.Ranking) raw, candidate.group(), candidate.key()).stream();
  }

  private <R extends Record> long publish(Class<R> dataset, JavaRDD<R> rows) {
    return datasets.publish(directory(dataset), dataset, rows, PRODUCER, inputs);
  }

  /**
   * @param tokens of each partition, where there is a tokenizer
   */
  private <R extends Record> long publish(
      Class<R> dataset, JavaRDD<R> rows, Supplier<long[]> tokens) {
    if (!settings.lengths().countsTokens()) {
      return publish(dataset, rows);
    }

    return datasets.publish(directory(dataset), dataset, rows, PRODUCER, inputs, tokens.get());
  }

  private String directory(Class<? extends Record> dataset) {
    return new Path(output, name(dataset)).toString();
  }

  private static String name(Class<? extends Record> dataset) {
    return DatasetSchema.of(dataset).name();
  }

  private static NearDuplicate nearDuplicate(Row removal) {
    return new NearDuplicate(
        removal.getString(1),
        removal.getLong(2),
        removal.getString(7).toLowerCase(Locale.ROOT),
        removal.getString(0),
        removal.getString(8),
        removal.getLong(9));
  }

  private static QuarantinedRow quarantined(Candidate candidate) {
    return new QuarantinedRow(
        candidate.raw().file(),
        candidate.raw().number(),
        candidate.reason().orElseThrow().code(),
        candidate.detail(),
        candidate.raw().text());
  }
}
