package org.rlhf4j.jobs.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.rlhf4j.data.dataset.Confusion;
import org.rlhf4j.data.dataset.DroppedVote;
import org.rlhf4j.data.dataset.ItemVotes;

/** What the annotators together say, and how each of them errs. */
final class AggregatedLabels {
  private AggregatedLabels() {}

  /** One row for each item with a vote that counts. */
  static JavaRDD<ItemVotes> of(
      JavaRDD<CodedItem> items,
      Broadcast<LabelFit> fit,
      Broadcast<LabelNames> labels,
      Broadcast<Screen> screen) {
    return items
        .filter(item -> screen.value().counted(item).votes() > 0)
        .map(item -> summary(item, fit.value(), labels.value(), screen.value()));
  }

  /** Label with most votes, of several the first as a text; and the entropy of the votes, nats. */
  private static ItemVotes summary(CodedItem item, LabelFit fit, LabelNames labels, Screen screen) {
    CodedItem counted = screen.counted(item);
    int[] histogram = counted.histogram();
    double[] weights = screen.weights(counted, histogram);
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }

    int winner = 0;
    double entropy = 0;
    for (int i = 0; i < weights.length; i++) {
      double share = weights[i] / total;
      entropy -= share * Math.log(share);
      winner = weights[i] > weights[winner] ? i : winner;
    }

    Posterior posterior = fit.posterior(counted);
    int best = posterior.best();
    return new ItemVotes(
        item.item(),
        labels.of(item, histogram[2 * winner]),
        Math.max(0, entropy),
        counted.votes(),
        labels.of(item, posterior.labels()[best]),
        posterior.probabilities()[best],
        total,
        item.votes() - counted.votes(),
        contest(item, 0),
        contest(item, 1),
        contest(item, 2));
  }

  private static Optional<String> contest(CodedItem item, int part) {
    return item.contest().isEmpty() ? Optional.empty() : Optional.of(item.contest().get(part));
  }

  /** Votes that were left out. */
  static JavaRDD<DroppedVote> dropped(
      JavaRDD<CodedItem> items,
      Broadcast<Names> names,
      Broadcast<LabelNames> labels,
      Broadcast<Screen> screen) {
    return items.flatMap(
        item -> dropped(item, names.value(), labels.value(), screen.value()).iterator());
  }

  private static List<DroppedVote> dropped(
      CodedItem item, Names names, LabelNames labels, Screen screen) {
    List<DroppedVote> dropped = new ArrayList<>();
    for (int v = 0; v < item.votes(); v++) {
      int annotator = item.annotators()[v];
      if (screen.weight(annotator) == 0) {
        dropped.add(
            new DroppedVote(
                item.item(),
                names.name(annotator),
                labels.of(item, item.labels()[v]),
                screen.reasons().get(annotator)));
      }
    }

    return dropped;
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
