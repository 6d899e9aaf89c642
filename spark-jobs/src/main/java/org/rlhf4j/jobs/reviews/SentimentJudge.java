package org.rlhf4j.jobs.reviews;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.feature.CountVectorizer;
import org.apache.spark.ml.feature.CountVectorizerModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains the classifier that judges sentiment, on the judge's own sentences. */
public final class SentimentJudge {
  private static final Logger LOG = LoggerFactory.getLogger(SentimentJudge.class);
  private static final String FILE = "sentiment.json";
  private static final double HELD_OUT_SHARE = 0.2;
  private static final long HELD_OUT_SEED = 17;
  private static final double LEAST_SENTENCES_OF_A_GRAM = 2;
  private static final double L2_PENALTY = 0.001;
  private static final int ITERATIONS = 40;
  private static final StructType FEATURES =
      new StructType()
          .add("grams", DataTypes.createArrayType(DataTypes.StringType), false)
          .add("label", DataTypes.DoubleType, false);

  private final SparkSession spark;

  public SentimentJudge(SparkSession spark) {
    this.spark = spark;
  }

  /**
   * Trains on the sentences that {@link ReviewData} left for the judge, measures the accuracy on a
   * fifth of them that is not trained on, and saves the classifier beside them.
   *
   * @param directory the folder of the raw files
   */
  public SentimentGold train(String directory) {
    Path sentences = new Path(new Path(directory, ReviewData.JUDGE), ReviewData.SENTENCES);
    List<ReviewSentence> all =
        spark
            .read()
            .schema("text string, positive boolean")
            .json(sentences.toString())
            .collectAsList()
            .stream()
            .map(row -> new ReviewSentence(row.getString(0), row.getBoolean(1)))
            .toList();
    SentimentGold gold = train(all);
    gold.save(file(directory));
    LOG.info(
        "Sentiment classifier: accuracy {} on {} held-out sentences",
        gold.heldOutAccuracy(),
        gold.heldOutSentences());
    return gold;
  }

  static Path file(String directory) {
    return new Path(new Path(directory, ReviewData.JUDGE), FILE);
  }

  SentimentGold train(List<ReviewSentence> sentences) {
    List<ReviewSentence> fitted =
        sentences.stream().filter(s -> s.draw(HELD_OUT_SEED) >= HELD_OUT_SHARE).toList();
    List<ReviewSentence> heldOut =
        sentences.stream().filter(s -> s.draw(HELD_OUT_SEED) < HELD_OUT_SHARE).toList();
    SentimentGold classifier = fit(fitted);
    long right =
        heldOut.stream().filter(s -> classifier.logOdds(s.text()) > 0 == s.positive()).count();
    return classifier.measured(
        heldOut.isEmpty() ? 0 : right / (double) heldOut.size(), heldOut.size());
  }

  private SentimentGold fit(List<ReviewSentence> sentences) {
    List<Row> rows =
        sentences.stream()
            .map(
                sentence ->
                    RowFactory.create(
                        SentimentGold.grams(sentence.text()).toArray(),
                        sentence.positive() ? 1.0 : 0.0))
            .toList();
    // One partition: the sums of the fit then always run in the same order.
    Dataset<Row> grams = spark.createDataFrame(rows, FEATURES).coalesce(1);
    CountVectorizerModel vectorizer =
        new CountVectorizer()
            .setInputCol("grams")
            .setOutputCol("features")
            .setMinDF(LEAST_SENTENCES_OF_A_GRAM)
            .setBinary(true)
            .fit(grams);
    LogisticRegressionModel model =
        new LogisticRegression()
            .setRegParam(L2_PENALTY)
            .setStandardization(false)
            .setMaxIter(ITERATIONS)
            .fit(vectorizer.transform(grams).cache());
    return gold(model, vectorizer.vocabulary());
  }

  private static SentimentGold gold(LogisticRegressionModel model, String[] vocabulary) {
    Map<String, Double> weights = new LinkedHashMap<>();
    for (int i = 0; i < vocabulary.length; i++) {
      weights.put(vocabulary[i], model.coefficients().apply(i));
    }
    return new SentimentGold(model.intercept(), weights, 0, 0);
  }
}
