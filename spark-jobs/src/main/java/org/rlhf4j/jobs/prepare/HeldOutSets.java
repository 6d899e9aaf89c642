package org.rlhf4j.jobs.prepare;

import static org.rlhf4j.jobs.JobException.badInput;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.data.raw.RawTexts;
import org.rlhf4j.data.similarity.GramSet;
import org.rlhf4j.data.similarity.NGrams;
import org.rlhf4j.data.similarity.Words;
import org.rlhf4j.jobs.dataset.InputFile;
import org.rlhf4j.jobs.dataset.RawRow;
import org.rlhf4j.jobs.dataset.RawRows;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the sets that training must not have seen. */
final class HeldOutSets {
  private static final Logger LOG = LoggerFactory.getLogger(HeldOutSets.class);

  /** 640 MB on each executor at most; a test set of ten thousand questions has a million. */
  private static final long MOST_GRAMS = 20_000_000;

  private final SparkSession spark;

  HeldOutSets(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * @param ngram words in a run
   * @throws org.rlhf4j.jobs.JobException if the sets are too large to be held against every row
   */
  HeldOut read(List<InputFile> files, int ngram) {
    if (files.isEmpty()) {
      return HeldOut.NOTHING;
    }

    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    JavaRDD<RawRow> rows = new RawRows(spark).read(files);
    JavaRDD<long[]> grams = rows.map(row -> grams(row, ngram)).cache();
    long count = grams.mapToDouble(part -> part.length).sum().longValue();
    if (count > MOST_GRAMS) {
      throw badInput(
          "The held-out sets have %d runs of %d words, more than %d; give fewer paths in"
              + " prepare.held-out.paths.",
          count, ngram, MOST_GRAMS);
    }

    GramSet set = GramSet.of(grams.collect());
    grams.unpersist();
    LOG.info("Held out {} runs of {} words from {} files", set.size(), ngram, files.size());
    return HeldOut.of(context.broadcast(set), ngram);
  }

  private static long[] grams(RawRow row, int ngram) {
    return RawTexts.of(row.bytes()).stream()
        .flatMapToLong(text -> Arrays.stream(NGrams.of(Words.of(text), ngram)))
        .toArray();
  }
}
