package org.rlhf4j.jobs.tokenizer;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.CheckpointStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Trains a byte-level BPE tokenizer: Spark counts the words of the whole corpus, the driver learns
 * merges from the counts. The same corpus gives the same tokenizer on any number of partitions.
 */
public final class TrainTokenizerJob {
  /** Ends a response; id 0. */
  public static final String END_TOKEN = "<|endoftext|>";

  private static final Logger LOG = LoggerFactory.getLogger(TrainTokenizerJob.class);
  private static final int SMALLEST_VOCABULARY = ByteAlphabet.SIZE + 1;

  /** A pair seen once says nothing about the language. */
  private static final long MINIMUM_PAIR_COUNT = 2;

  /** Distinct words that the driver learns from: the most frequent ones, about 1 GiB at most. */
  private static final int MAXIMUM_WORDS = 4_000_000;

  /** Longer words, such as encoded files, teach nothing and would dominate the work. */
  private static final int MAXIMUM_WORD_LENGTH = 256;

  /**
   * What was written.
   *
   * @param words distinct words of the corpus that merges were learned from
   */
  public record Result(String output, int vocabularySize, int merges, long words) {}

  private final SparkSession spark;
  private final int maximumWords;

  public TrainTokenizerJob(SparkSession spark) {
    this(spark, MAXIMUM_WORDS);
  }

  TrainTokenizerJob(SparkSession spark, int maximumWords) {
    this.spark = spark;
    this.maximumWords = maximumWords;
  }

  /**
   * @param inputs datasets of demonstrations, preferences or prompts (their training split), or raw
   *     JSON lines with a "text"
   * @param vocabularySize tokens at most, the end token and the 256 bytes included
   * @param output directory that gets tokenizer.json and tokenizer_config.json
   * @throws JobException if the vocabulary is too small or the inputs hold no text
   */
  public Result execute(List<String> inputs, int vocabularySize, String output) {
    if (vocabularySize < SMALLEST_VOCABULARY) {
      throw JobException.badInput(
          "The vocabulary size must be at least %d (the bytes and the end token), but is %d",
          SMALLEST_VOCABULARY, vocabularySize);
    }
    List<Tuple2<String, Long>> words = countWords(lines(inputs));
    if (words.isEmpty()) {
      throw JobException.badInput("The inputs %s hold no text to train a tokenizer on", inputs);
    }
    Vocabulary vocabulary = new Vocabulary(List.of(END_TOKEN));
    MergeLearner learner = new MergeLearner(vocabulary, MINIMUM_PAIR_COUNT);
    words.forEach(word -> learner.add(word._1(), word._2()));
    learner.learn(vocabularySize);
    if (vocabulary.size() < vocabularySize) {
      LOG.warn("The corpus gives only {} of {} tokens", vocabulary.size(), vocabularySize);
    }
    TokenizerWriter writer = new TokenizerWriter(vocabulary, END_TOKEN);
    new CheckpointStore().publish(output, writer::writeTo);
    return new Result(output, vocabulary.size(), vocabulary.merges().size(), words.size());
  }

  private JavaRDD<String> lines(List<String> inputs) {
    CorpusReader reader = new CorpusReader(spark);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return inputs.stream().map(reader::lines).reduce(context.emptyRDD(), JavaRDD::union);
  }

  private List<Tuple2<String, Long>> countWords(JavaRDD<String> lines) {
    JavaPairRDD<String, Long> counts =
        lines
            .flatMap(TrainTokenizerJob::words)
            .mapToPair(word -> new Tuple2<>(word, 1L))
            .reduceByKey(Long::sum);
    List<Tuple2<String, Long>> collected = new ArrayList<>(mostFrequent(counts));
    collected.sort(Comparator.comparing(Tuple2<String, Long>::_1));
    return collected;
  }

  private List<Tuple2<String, Long>> mostFrequent(JavaPairRDD<String, Long> counts) {
    counts.cache();
    try {
      if (counts.count() <= maximumWords) {
        return counts.collect();
      }
      return counts
          .map(word -> word)
          .sortBy(word -> new Rank(word._2(), word._1()), true, counts.getNumPartitions())
          .take(maximumWords);
    } finally {
      counts.unpersist();
    }
  }

  /** The more frequent word first; equally frequent ones by the alphabet, not by partition. */
  private record Rank(long count, String word) implements Comparable<Rank>, Serializable {
    @Override
    public int compareTo(Rank other) {
      int byCount = Long.compare(other.count, count);
      return byCount != 0 ? byCount : word.compareTo(other.word);
    }
  }

  private static Iterator<String> words(String line) {
    List<String> words = new ArrayList<>();
    for (String text : RowTexts.of(line)) {
      WordSplitter.split(
          text,
          word -> {
            if (word.length() <= MAXIMUM_WORD_LENGTH) {
              words.add(word);
            }
          });
    }
    return words.iterator();
  }
}
