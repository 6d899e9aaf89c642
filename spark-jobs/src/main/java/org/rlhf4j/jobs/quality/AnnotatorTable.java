package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.data.dataset.Annotator;
import scala.Tuple2;

/** What each annotator did: items, agreement with the others, estimated accuracy. */
final class AnnotatorTable {
  /** Items labelled, other votes on these items, and those among them that are equal. */
  private record Work(long items, long others, long agreeing) implements Serializable {
    Work plus(Work more) {
      return new Work(items + more.items, others + more.others, agreeing + more.agreeing);
    }

    double agreement() {
      return others == 0 ? 0 : (double) agreeing / others;
    }
  }

  private AnnotatorTable() {}

  /** Sorted by name. */
  static JavaRDD<Annotator> of(JavaRDD<VotedItem> items, JavaPairRDD<String, Double> accuracy) {
    return items
        .flatMapToPair(AnnotatorTable::workOn)
        .reduceByKey(Work::plus)
        .join(accuracy)
        .sortByKey()
        .map(
            row ->
                new Annotator(
                    row._1(),
                    Math.toIntExact(row._2()._1().items()),
                    row._2()._1().agreement(),
                    row._2()._2()));
  }

  private static Iterator<Tuple2<String, Work>> workOn(VotedItem item) {
    Map<String, Integer> votes = item.votesByLabel();
    int others = item.labels().size() - 1;
    List<Tuple2<String, Work>> work = new ArrayList<>();
    for (int i = 0; i < item.labels().size(); i++) {
      int agreeing = votes.get(item.labels().get(i)) - 1;
      work.add(new Tuple2<>(item.annotators().get(i), new Work(1, others, agreeing)));
    }

    return work.iterator();
  }
}
