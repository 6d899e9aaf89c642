package org.rlhf4j.jobs.report;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.rlhf4j.jobs.JobException.badInput;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.rlhf4j.data.dataset.Annotator;
import org.rlhf4j.data.dataset.AnnotatorPair;
import org.rlhf4j.data.dataset.AnnotatorWindow;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.dataset.Demonstration;
import org.rlhf4j.data.dataset.PreferenceCycle;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.data.dataset.Ranking;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.text.TextEncoder;

/** Writes the page about the datasets of {@code prepare} and {@code quality}. */
public final class DataReportJob {
  static final String PAGE = "data.html";

  /** Annotators and pairs shown. */
  private static final int ROWS = 100;

  /** Groups whose rankings are shown; those of each prompt are too many. */
  private static final int GROUPS = 20;

  /** Sources that are told apart, those with most rows; the rest are one. */
  private static final int SOURCES = 1000;

  private static final String OTHER_SOURCES = "(others)";

  private static final List<Class<? extends Record>> TEXTS =
      List.of(PreferencePair.class, Demonstration.class, Rating.class, Prompt.class);

  private final Datasets datasets;
  private final Storage storage;
  private final Optional<String> tokenizer;

  /**
   * @param page the written page
   * @param datasets measured
   */
  public record Result(String page, int datasets) {}

  /**
   * @param tokenizer directory of the tokenizer that counts tokens
   */
  public DataReportJob(Datasets datasets, Storage storage, Optional<String> tokenizer) {
    this.datasets = datasets;
    this.storage = storage;
    this.tokenizer = tokenizer;
  }

  /**
   * @param directories outputs of prepare and quality
   * @param output directory of the page
   * @throws org.rlhf4j.jobs.JobException if a directory holds neither
   */
  public Result execute(List<String> directories, String output) {
    List<DirectoryFacts> facts = new ArrayList<>();
    int measured = 0;
    for (String directory : directories) {
      DirectoryFacts found = facts(directory);
      boolean isEmpty =
          found.texts().isEmpty()
              && found.summary().isMissingNode()
              && found.quality().isMissingNode()
              && found.quarantine().isEmpty();
      if (isEmpty) {
        throw badInput(
            "%s holds no output of prepare or quality (no summary.json, no quality.json, no"
                + " dataset); check --data",
            directory);
      }

      facts.add(found);
      measured += found.texts().size();
    }

    Path page = new Path(output, PAGE);
    storage.replaceText(page, new DataPage(facts).html());
    return new Result(page.toString(), measured);
  }

  private DirectoryFacts facts(String directory) {
    RunFiles files = new RunFiles(storage, directory);
    Map<String, TextLengths> texts = new LinkedHashMap<>();
    Map<String, Map<String, Long>> sources = new LinkedHashMap<>();
    for (Class<? extends Record> dataset : TEXTS) {
      if (datasets.holds(directory, dataset)) {
        String name = DatasetSchema.of(dataset).name();
        texts.put(name, lengths(directory, dataset));
        sources.put(name, sources(directory, dataset));
      }
    }

    JsonNode quality = files.json("quality.json");
    List<Annotator> annotators = annotators(directory);
    return new DirectoryFacts(
        directory,
        files.json("summary.json"),
        quality,
        texts,
        sources,
        quarantine(directory),
        annotators,
        pairs(directory),
        drifts(directory, annotators),
        quality.path("rankings").path("groups").asLong() <= GROUPS
            ? first(directory, Ranking.class, new RankingOrder())
            : List.of(),
        first(directory, PreferenceCycle.class, new CycleOrder()));
  }

  private <R extends Record> TextLengths lengths(String directory, Class<R> dataset) {
    String tokenizerDirectory = tokenizer.orElse("");
    JavaRDD<R> rows = datasets.read(directory, dataset);
    return rows.mapPartitions(part -> lengths(part, tokenizerDirectory))
        .fold(new TextLengths(), TextLengths::merge);
  }

  private static <R extends Record> Iterator<TextLengths> lengths(
      Iterator<R> rows, String tokenizerDirectory) {
    Optional<TextEncoder> encoder =
        tokenizerDirectory.isEmpty()
            ? Optional.empty()
            : Optional.of(ExecutorModels.encoder(tokenizerDirectory));
    TextLengths lengths = new TextLengths();
    rows.forEachRemaining(row -> lengths.add(row, encoder));
    return List.of(lengths).iterator();
  }

  /** Counted as rows of Spark, as there may be as many sources as rows. */
  private Map<String, Long> sources(String directory, Class<? extends Record> dataset) {
    Dataset<Row> counts = datasets.readRows(directory, dataset).groupBy("source").count().persist();
    try {
      Map<String, Long> sources = new LinkedHashMap<>();
      counts
          .orderBy(col("count").desc(), col("source"))
          .takeAsList(SOURCES)
          .forEach(row -> sources.put(row.getString(0), row.getLong(1)));
      long shown = sources.values().stream().mapToLong(Long::longValue).sum();
      Row all = counts.agg(coalesce(sum("count"), lit(0L))).first();
      if (all.getLong(0) > shown) {
        sources.merge(OTHER_SOURCES, all.getLong(0) - shown, Long::sum);
      }

      return sources;
    } finally {
      counts.unpersist();
    }
  }

  private List<AnnotatorWindow> drifts(String directory, List<Annotator> annotators) {
    Set<String> drifting =
        annotators.stream()
            .filter(annotator -> List.of(annotator.flags().split(" ", -1)).contains("drift"))
            .map(Annotator::annotator)
            .collect(Collectors.toCollection(TreeSet::new));
    return drifting.isEmpty() || !datasets.holds(directory, AnnotatorWindow.class)
        ? List.of()
        : datasets
            .read(directory, AnnotatorWindow.class)
            .filter(window -> drifting.contains(window.annotator()))
            .takeOrdered(ROWS, new WindowOrder());
  }

  private <R extends Record, C extends Comparator<R> & Serializable> List<R> first(
      String directory, Class<R> dataset, C order) {
    return datasets.holds(directory, dataset)
        ? datasets.read(directory, dataset).takeOrdered(ROWS, order)
        : List.of();
  }

  private Optional<QuarantineExamples> quarantine(String directory) {
    return datasets.holds(directory, QuarantinedRow.class)
        ? Optional.of(
            datasets
                .read(directory, QuarantinedRow.class)
                .aggregate(
                    new QuarantineExamples(), QuarantineExamples::add, QuarantineExamples::merge))
        : Optional.empty();
  }

  /** Those with flags first, then by items. */
  private List<Annotator> annotators(String directory) {
    return first(directory, Annotator.class, new AnnotatorOrder());
  }

  private List<AnnotatorPair> pairs(String directory) {
    return first(directory, AnnotatorPair.class, new PairOrder());
  }
}
