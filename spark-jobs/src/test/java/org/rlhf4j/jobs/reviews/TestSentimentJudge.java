package org.rlhf4j.jobs.reviews;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.jobs.SparkTests;

@Tag("spark")
class TestSentimentJudge {
  private static final int SENTENCES = 600;
  private static final double LABEL_NOISE = 0.1;
  private static final double TOLERANCE = 1e-9;

  private static final Path ARCHIVE =
      Path.of("../../shared/data/nltk_reviews/sentence_polarity.zip");
  private static final int REAL_SENTENCES = 10_662;
  private static final double LEAST_REAL_ACCURACY = 0.7;

  private final SparkSession spark = SparkTests.session();

  @Test
  void learnsWhichWordsArePositive(@TempDir Path directory) {
    SentimentGold gold = new SentimentJudge(spark).train(sentences());
    assertThat(gold.heldOutSentences()).isBetween(80L, 160L);
    assertThat(gold.heldOutAccuracy()).isBetween(1 - 2 * LABEL_NOISE, 1.0);
    List<Message> prompt = List.of(Message.text("a film"));
    double good = gold.score(prompt, " that is lovely .");
    assertThat(good).isPositive();
    assertThat(gold.score(prompt, " that is dreadful .")).isNegative();
    assertThat(gold.score(prompt, " that is lovely . lovely . lovely ."))
        .as("repeating a word gains nothing but new pairs")
        .isLessThan(2 * good);

    gold.save(SentimentJudge.file(directory.toString()));
    SentimentGold loaded = SentimentGold.load(directory.toString());
    assertThat(loaded.score(prompt, " that is lovely .")).isCloseTo(good, within(TOLERANCE));
    assertThat(loaded.heldOutAccuracy()).isEqualTo(gold.heldOutAccuracy());
  }

  @Test
  void judgesRealSentences(@TempDir Path directory) {
    assumeTrue(Files.exists(ARCHIVE), ARCHIVE + " is absent");
    ReviewCounts counts =
        new ReviewData(ReviewSettings.DEFAULTS, 0).write(ARCHIVE.toString(), directory.toString());
    assertThat(counts.judge() + counts.model() + counts.tooShort() + counts.duplicates())
        .isEqualTo(REAL_SENTENCES);
    SentimentGold gold = new SentimentJudge(spark).train(directory.toString());
    assertThat(gold.heldOutAccuracy()).isGreaterThan(LEAST_REAL_ACCURACY);
  }

  private static List<ReviewSentence> sentences() {
    SplittableRandom random = new SplittableRandom(5);
    List<ReviewSentence> sentences = new ArrayList<>();
    for (int i = 0; i < SENTENCES; i++) {
      boolean positive = random.nextBoolean();
      boolean says = random.nextDouble() < LABEL_NOISE ? !positive : positive;
      String word = says ? "lovely" : "dreadful";
      sentences.add(new ReviewSentence("film number " + i + " that is " + word + " .", positive));
    }
    return sentences;
  }
}
