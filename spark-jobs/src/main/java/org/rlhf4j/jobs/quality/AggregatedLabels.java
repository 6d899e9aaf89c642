package org.rlhf4j.jobs.quality;

import java.util.ArrayList;
import java.util.List;
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
      JavaRDD<AnnotatorSummary> annotators,
      Broadcast<Names> names,
      Broadcast<LabelFit> fit,
      Broadcast<List<String>> labels) {
    return annotators.flatMap(
        summary ->
            cells(
                    summary.annotator(),
                    names.value().name(summary.annotator()),
                    fit.value(),
                    labels.value())
                .iterator());
  }

  private static List<Confusion> cells(
      int annotator, String name, LabelFit fit, List<String> labels) {
    List<Confusion> cells = new ArrayList<>();
    if (!(fit.model() instanceof ConfusionModel model)) {
      return cells;
    }

    int start = annotator * model.width();
    for (int right = 0; right < labels.size(); right++) {
      for (int given = 0; given < labels.size(); given++) {
        double logarithm = fit.parameters()[start + model.place(right, given)];
        cells.add(new Confusion(name, labels.get(right), labels.get(given), Math.exp(logarithm)));
      }
    }

    return cells;
  }
}
