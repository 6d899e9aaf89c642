package org.rlhf4j.jobs.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.data.dataset.Demonstration;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.dl4j.TrainingExample.Sequence;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;

/** Responses to imitate: demonstrations, or the chosen sides of preferences. */
public final class ResponseRows implements AutoCloseable {
  private final JavaRDD<TrainingExample> rows;
  private final List<String> ids;

  private ResponseRows(JavaRDD<TrainingExample> rows, List<String> ids) {
    this.rows = rows;
    this.ids = ids;
  }

  /** All rows of an input, each with the weight as its only channel. */
  static JavaRDD<EncodedRow> encode(
      SparkSession spark, String input, ResponseEncoder encoder, String modelDirectory) {
    Datasets datasets = new Datasets(spark, Datasets.OutputFormat.PARQUET);
    if (InputKind.isPreferences(spark, datasets, input)) {
      RowEncoder<PreferencePair> chosen = encoder::chosen;
      return chosen.encodeAll(datasets.read(input, PreferencePair.class), modelDirectory);
    }
    RowEncoder<Demonstration> demonstration = encoder::demonstration;
    return demonstration.encodeAll(datasets.read(input, Demonstration.class), modelDirectory);
  }

  /**
   * The training rows of an input that the length limits leave, kept in memory or on disk until
   * closed.
   *
   * @param modelDirectory with the tokenizer
   * @param contextLength of the model, tokens
   * @throws JobException if there is none
   */
  public static ResponseRows open(
      SparkSession spark, String input, DataConfig data, String modelDirectory, int contextLength) {
    ResponseEncoder encoder = new ResponseEncoder(SequenceLimits.of(data, contextLength));
    JavaRDD<TrainingExample> rows =
        TrainingRows.examples(encode(spark, input, encoder, modelDirectory), Split.TRAIN)
            .persist(StorageLevel.MEMORY_AND_DISK());
    List<String> ids = rows.map(TrainingExample::id).distinct().collect();
    if (ids.isEmpty()) {
      rows.unpersist();
      throw JobException.badInput(
          "%s holds no training row within the length limits; check its split column,"
              + " data.max-prompt-tokens and data.max-response-tokens",
          input);
    }
    return new ResponseRows(rows, new ArrayList<>(ids));
  }

  /** Distinct, in no order. */
  public List<String> ids() {
    return List.copyOf(ids);
  }

  /** Rows by id; their targets are the response and their only channel is the weight. */
  public Map<String, Sequence> sequences(Set<String> wanted) {
    Map<String, Sequence> sequences = new HashMap<>();
    for (TrainingExample row : rows.filter(row -> wanted.contains(row.id())).collect()) {
      sequences.put(row.id(), row.sequences().get(0));
    }
    return sequences;
  }

  @Override
  public void close() {
    rows.unpersist();
  }
}
