package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.data.dataset.Annotator;
import org.rlhf4j.jobs.quality.AnnotatorAccuracy.Estimate;
import org.rlhf4j.jobs.quality.Resampling.Interval;
import scala.Tuple2;

/** What each annotator did: items, agreement with the others and with gold, estimated accuracy. */
final class AnnotatorTable {
  /**
   * @param items labelled
   * @param others other votes on these items
   * @param agreeing those among them that are equal
   * @param goldItems items whose right label is known
   * @param goldRight those labelled rightly
   */
  private record Work(long items, long others, long agreeing, long goldItems, long goldRight)
      implements Serializable {
    Work plus(Work more) {
      return new Work(
          items + more.items,
          others + more.others,
          agreeing + more.agreeing,
          goldItems + more.goldItems,
          goldRight + more.goldRight);
    }

    double agreement() {
      return others == 0 ? 0 : (double) agreeing / others;
    }

    Optional<Double> goldAgreement() {
      return goldItems == 0 ? Optional.empty() : Optional.of((double) goldRight / goldItems);
    }
  }

  private AnnotatorTable() {}

  /** Sorted by name. */
  static JavaRDD<Annotator> of(
      JavaRDD<CodedItem> items,
      JavaPairRDD<Integer, Estimate> accuracy,
      JavaPairRDD<Integer, String> names) {
    return items
        .flatMapToPair(AnnotatorTable::workOn)
        .reduceByKey(Work::plus)
        .join(accuracy)
        .join(names)
        .sortByKey()
        .map(row -> annotator(row._2()._2(), row._2()._1()._1(), row._2()._1()._2()));
  }

  private static Annotator annotator(String name, Work work, Estimate accuracy) {
    Optional<Interval> interval = accuracy.interval();
    return new Annotator(
        name,
        Math.toIntExact(work.items()),
        work.agreement(),
        accuracy.accuracy(),
        interval.map(Interval::low),
        interval.map(Interval::high),
        Math.toIntExact(work.goldItems()),
        work.goldAgreement());
  }

  private static Iterator<Tuple2<Integer, Work>> workOn(CodedItem item) {
    int[] histogram = item.histogram();
    List<Tuple2<Integer, Work>> work = new ArrayList<>();
    int isGold = item.gold() == CodedItem.UNKNOWN ? 0 : 1;
    for (int v = 0; v < item.votes(); v++) {
      int label = item.labels()[v];
      int agreeing = CodedItem.votesFor(label, histogram) - 1;
      int isRight = label == item.gold() ? 1 : 0;
      work.add(
          new Tuple2<>(
              item.annotators()[v], new Work(1, item.votes() - 1, agreeing, isGold, isRight)));
    }

    return work.iterator();
  }
}
