package org.rlhf4j.jobs.report;

import static org.rlhf4j.jobs.JobException.badInput;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.data.dataset.Annotator;
import org.rlhf4j.data.dataset.AnnotatorPair;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.dataset.Demonstration;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.QuarantinedRow;
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
    for (Class<? extends Record> dataset : TEXTS) {
      if (datasets.holds(directory, dataset)) {
        texts.put(DatasetSchema.of(dataset).name(), lengths(directory, dataset));
      }
    }

    return new DirectoryFacts(
        directory,
        files.json("summary.json"),
        files.json("quality.json"),
        texts,
        quarantine(directory),
        annotators(directory),
        pairs(directory));
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
    return datasets.holds(directory, Annotator.class)
        ? datasets.read(directory, Annotator.class).takeOrdered(ROWS, new AnnotatorOrder())
        : List.of();
  }

  private List<AnnotatorPair> pairs(String directory) {
    return datasets.holds(directory, AnnotatorPair.class)
        ? datasets.read(directory, AnnotatorPair.class).takeOrdered(ROWS, new PairOrder())
        : List.of();
  }
}
