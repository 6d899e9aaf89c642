package org.rlhf4j.jobs.quality;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.rlhf4j.data.dataset.Annotator;
import org.rlhf4j.data.dataset.AnnotatorPair;
import org.rlhf4j.data.dataset.AnnotatorWindow;
import org.rlhf4j.rlhf.WilsonInterval;

/** The datasets about annotators, with their names. */
final class AnnotatorTable {
  private AnnotatorTable() {}

  /** Sorted by name. */
  static JavaRDD<Annotator> annotators(
      JavaRDD<AnnotatorSummary> summaries,
      AnnotatorFlags flags,
      Broadcast<Names> names,
      Broadcast<AnnotatorMarks> marks) {
    return summaries
        .sortBy(AnnotatorSummary::annotator, true, summaries.getNumPartitions())
        .map(summary -> annotator(summary, flags, names.value(), marks.value()));
  }

  private static Optional<WilsonInterval> goldInterval(AnnotatorSummary work) {
    return work.goldItems() == 0
        ? Optional.empty()
        : Optional.of(
            WilsonInterval.of((double) work.goldRight() / work.goldItems(), work.goldClusters()));
  }

  private static Annotator annotator(
      AnnotatorSummary work, AnnotatorFlags flags, Names names, AnnotatorMarks marks) {
    return new Annotator(
        names.name(work.annotator()),
        Math.toIntExact(work.items()),
        work.agreement(),
        work.accuracy(),
        defined(work.low()),
        defined(work.high()),
        Math.toIntExact(work.goldItems()),
        work.goldItems() == 0
            ? Optional.empty()
            : Optional.of((double) work.goldRight() / work.goldItems()),
        goldInterval(work).map(WilsonInterval::low),
        goldInterval(work).map(WilsonInterval::high),
        defined(work.votesPerHour()),
        defined(flags.paceDeviation(work)),
        defined(work.driftProbability()),
        marks.comparisonReliability(work.annotator()),
        String.join(" ", flags.of(work)),
        marks.weight(work.annotator()),
        work.others());
  }

  /** The votes of those with two windows or more. */
  static JavaRDD<AnnotatorWindow> windows(
      JavaRDD<AnnotatorSummary> summaries, Broadcast<Names> names) {
    return summaries
        .filter(summary -> summary.windows().size() > 1)
        .flatMap(summary -> windows(summary, names.value()).iterator());
  }

  private static List<AnnotatorWindow> windows(AnnotatorSummary summary, Names names) {
    List<AnnotatorWindow> windows = new ArrayList<>();
    for (TimeWindow window : summary.windows()) {
      windows.add(
          new AnnotatorWindow(
              names.name(summary.annotator()),
              windows.size() + 1,
              Instant.ofEpochMilli(window.start()).toString(),
              Instant.ofEpochMilli(window.end()).toString(),
              Math.toIntExact(window.votes()),
              window.agreement(),
              window.deviation()));
    }

    return windows;
  }

  static JavaRDD<AnnotatorPair> pairs(JavaRDD<PairSuspicion> pairs, Broadcast<Names> names) {
    return pairs.map(
        pair ->
            new AnnotatorPair(
                names.value().name(pair.annotator()),
                names.value().name(pair.other()),
                Math.toIntExact(pair.items()),
                Math.toIntExact(pair.agreeing()),
                pair.expected(),
                pair.log10Probability()));
  }

  private static Optional<Double> defined(double value) {
    return Double.isNaN(value) ? Optional.empty() : Optional.of(value);
  }
}
