package org.rlhf4j.jobs.quality;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * How often each annotator is right, estimated without knowing what is right: the one-coin model of
 * Dawid and Skene (1979, Applied Statistics 28:20), by expectation maximisation. An annotator gives
 * the right label with probability a, and each of the other K - 1 labels with (1 - a)/(K - 1); all
 * labels are equally likely beforehand.
 *
 * <p>The first expectation is the share of the votes, as in the paper. The estimate is (sum of
 * probabilities that the votes are right + 1)/(votes + 2), so that three lucky votes make nobody
 * infallible. Probabilities are summed in units of 2^-32, hence in any order to the same sum.
 */
final class AnnotatorAccuracy {
  private static final int MAX_ITERATIONS = 30;
  private static final double TOLERANCE = 1e-4;
  private static final double UNIT = 1L << 32;

  private final JavaSparkContext context;
  private final JavaRDD<VotedItem> items;
  private final int labels;

  /**
   * @param items cached
   * @param labels number of labels in use
   */
  AnnotatorAccuracy(JavaSparkContext context, JavaRDD<VotedItem> items, int labels) {
    this.context = context;
    this.items = items;
    this.labels = labels;
  }

  /** Accuracy by annotator. */
  Map<String, Double> estimate() {
    Map<String, Double> accuracy = maximize(Map.of());
    for (int i = 0; i < MAX_ITERATIONS; i++) {
      Map<String, Double> next = maximize(accuracy);
      double change = 0;
      for (Map.Entry<String, Double> entry : next.entrySet()) {
        change = Math.max(change, Math.abs(entry.getValue() - accuracy.get(entry.getKey())));
      }

      accuracy = next;
      if (change < TOLERANCE) {
        break;
      }
    }

    return accuracy;
  }

  /** One round: probabilities of the labels by the old accuracies, then the new accuracies. */
  private Map<String, Double> maximize(Map<String, Double> accuracy) {
    Broadcast<Map<String, Double>> known = context.broadcast(accuracy);
    int allLabels = labels;
    Map<String, Tuple2<Long, Long>> sums =
        items
            .flatMapToPair(
                item -> {
                  Map<String, Double> right =
                      known.value().isEmpty()
                          ? shares(item)
                          : posterior(item, known.value(), allLabels);
                  Map<String, Tuple2<Long, Long>> votes = new HashMap<>();
                  for (int i = 0; i < item.labels().size(); i++) {
                    long units = Math.round(right.get(item.labels().get(i)) * UNIT);
                    votes.put(item.annotators().get(i), new Tuple2<>(units, 1L));
                  }

                  return votes.entrySet().stream()
                      .map(vote -> new Tuple2<>(vote.getKey(), vote.getValue()))
                      .iterator();
                })
            .reduceByKey((a, b) -> new Tuple2<>(a._1() + b._1(), a._2() + b._2()))
            .collectAsMap();
    known.destroy();
    Map<String, Double> next = new HashMap<>();
    sums.forEach((annotator, sum) -> next.put(annotator, (sum._1() / UNIT + 1) / (sum._2() + 2)));
    return next;
  }

  private static Map<String, Double> shares(VotedItem item) {
    Map<String, Double> shares = new TreeMap<>();
    item.votesByLabel()
        .forEach((label, votes) -> shares.put(label, (double) votes / item.labels().size()));
    return shares;
  }

  /** Probability that each label among the votes is right. */
  static Map<String, Double> posterior(
      VotedItem item, Map<String, Double> accuracy, int allLabels) {
    Map<String, Double> logits = new TreeMap<>();
    item.labels().forEach(label -> logits.put(label, 0.0));
    int otherLabels = Math.max(1, allLabels - 1);
    for (int i = 0; i < item.labels().size(); i++) {
      double right = accuracy.get(item.annotators().get(i));
      // log likelihood beyond that of a label nobody voted for
      logits.merge(
          item.labels().get(i), Math.log(right) - Math.log((1 - right) / otherLabels), Double::sum);
    }

    double largest =
        Math.max(0, logits.values().stream().mapToDouble(Double::doubleValue).max().orElse(0));
    double total = Math.max(0, allLabels - logits.size()) * Math.exp(-largest);
    for (double logit : logits.values()) {
      total += Math.exp(logit - largest);
    }

    double sum = total;
    logits.replaceAll((label, logit) -> Math.exp(logit - largest) / sum);
    return logits;
  }
}
