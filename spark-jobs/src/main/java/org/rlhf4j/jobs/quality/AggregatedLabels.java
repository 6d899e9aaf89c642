package org.rlhf4j.jobs.quality;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.rlhf4j.data.dataset.Confusion;
import org.rlhf4j.data.dataset.ItemVotes;

/** What the annotators together say, and how each of them errs. */
final class AggregatedLabels {
  private AggregatedLabels() {}

  static JavaRDD<ItemVotes> of(
      JavaRDD<CodedItem> items, Broadcast<LabelFit> fit, Broadcast<List<String>> labels) {
    return items.map(item -> summary(item, fit.value(), labels.value()));
  }

  /** Label with most votes, the smaller one of several; and the entropy of the votes, nats. */
  private static ItemVotes summary(CodedItem item, LabelFit fit, List<String> labels) {
    int[] histogram = item.histogram();
    int winner = 0;
    double entropy = 0;
    for (int i = 0; i < histogram.length; i += 2) {
      double share = (double) histogram[i + 1] / item.votes();
      entropy -= share * Math.log(share);
      winner = histogram[i + 1] > histogram[winner + 1] ? i : winner;
    }

    Posterior posterior = fit.posterior(item);
    int best = posterior.best();
    return new ItemVotes(
        item.item(),
        labels.get(histogram[winner]),
        Math.max(0, entropy),
        item.votes(),
        labels.get(posterior.labels()[best]),
        posterior.probabilities()[best]);
  }

  /** All cells of the confusion matrices, by annotator; none of the one-coin model. */
  static JavaRDD<Confusion> confusions(
      JavaPairRDD<Integer, String> names, Broadcast<LabelFit> fit, Broadcast<List<String>> labels) {
    return names.flatMap(
        annotator -> cells(annotator._1(), annotator._2(), fit.value(), labels.value()).iterator());
  }

  private static List<Confusion> cells(
      int annotator, String name, LabelFit fit, List<String> labels) {
    List<Confusion> cells = new ArrayList<>();
    if (!(fit.model() instanceof ConfusionModel model)) {
      return cells;
    }

    int place = annotator * model.width();
    for (String right : labels) {
      for (String given : labels) {
        double probability = Math.exp(fit.parameters()[place++]);
        cells.add(new Confusion(name, right, given, probability));
      }
    }

    return cells;
  }
}
