package org.rlhf4j.jobs.prepare;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.raw.DatasetRecord;
import org.rlhf4j.data.raw.RawRecord;
import org.rlhf4j.data.raw.SplitRule;
import org.rlhf4j.jobs.dataset.Datasets;

/** The distinct prompts of preferences, for an input that has no prompts of its own. */
final class PreferencePrompts {
  private final RowIngest.Settings settings;
  private final SplitRule splits;

  PreferencePrompts(RowIngest.Settings settings, SplitRule splits) {
    this.settings = settings;
    this.splits = splits;
  }

  /** Each in its first row. Rows of one prompt lie together. */
  JavaRDD<Prompt> ofRankings(JavaRDD<Row> rows) {
    RowIngest.Settings local = settings;
    SplitRule rule = splits;
    return rows.mapPartitions(
        partition -> prompts(new FirstOfGroups(partition), local.ingest(), rule));
  }

  private static Iterator<Prompt> prompts(Iterator<Row> rows, RowIngest ingest, SplitRule splits) {
    return Iterators.stream(rows)
        .map(Candidate::fromRow)
        .map(candidate -> prompt(candidate.group(), ingest.record(candidate), splits))
        .iterator();
  }

  private static Prompt prompt(String promptId, DatasetRecord row, SplitRule splits) {
    RawRecord.Ranking ranking =
        row instanceof RawRecord.Comparisons comparisons
            ? comparisons.pairs().get(0)
            : (RawRecord.Ranking) row;
    String source = ranking.origin().source();
    return new Prompt(promptId, splits.of(promptId), source, row.prompt());
  }

  /** In as many files as the published preferences, each in order of ids. */
  JavaRDD<Prompt> ofPublished(Datasets datasets, String preferences) {
    int files = datasets.manifest(preferences).map(manifest -> manifest.files().size()).orElse(0);
    Partitioner byId = new HashPartitioner(Math.max(1, files));
    return datasets
        .read(preferences, PreferencePair.class)
        .map(pair -> new Prompt(pair.promptId(), pair.split(), pair.source(), pair.prompt()))
        .keyBy(Prompt::promptId)
        .reduceByKey(byId, Prompt::first)
        .repartitionAndSortWithinPartitions(byId)
        .values();
  }

  /** Of each partition, [partitions]. */
  long[] tokens(JavaRDD<Prompt> prompts) {
    LengthRule rule = settings.lengths();
    return prompts
        .mapPartitions(partition -> List.of(tokens(partition, rule)).iterator())
        .collect()
        .stream()
        .mapToLong(Long::longValue)
        .toArray();
  }

  private static long tokens(Iterator<Prompt> prompts, LengthRule rule) {
    TextLimits limits = rule.limits().orElseThrow();
    long tokens = 0;
    while (prompts.hasNext()) {
      tokens += limits.prompt(prompts.next().prompt());
    }

    return tokens;
  }
}
