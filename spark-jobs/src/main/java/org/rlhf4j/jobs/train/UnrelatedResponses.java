package org.rlhf4j.jobs.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.dl4j.TrainingExample.Sequence;
import org.rlhf4j.jobs.train.EncodedRow.Fate;
import scala.Tuple2;

/**
 * Gives each example the responses of another one to its own prompt, from which {@link
 * org.rlhf4j.objective.KtoLoss} estimates how far the policy is from the reference.
 *
 * <p>The other one is the next of the split in the order of the hashes of ids, the last one's is
 * the first: a function of the rows alone, whatever their partitions.
 */
final class UnrelatedResponses {
  private static final int LABEL_CHANNEL = 1;

  private UnrelatedResponses() {}

  /**
   * @param rows persisted: they are read several times
   * @param contextLength responses are cut to what fits, tokens
   */
  static JavaRDD<EncodedRow> append(JavaRDD<EncodedRow> rows, int contextLength) {
    JavaRDD<EncodedRow> all = rows.filter(row -> row.fate() == Fate.LEFT_OUT);
    for (Split split : Split.values()) {
      all = all.union(append(rows, split, contextLength));
    }
    return all;
  }

  private static JavaRDD<EncodedRow> append(
      JavaRDD<EncodedRow> rows, Split split, int contextLength) {
    JavaPairRDD<Long, EncodedRow> numbered =
        rows.filter(row -> row.split() == split && row.fate() != Fate.LEFT_OUT)
            .sortBy(UnrelatedResponses::place, true, rows.getNumPartitions())
            .zipWithIndex()
            .mapToPair(Tuple2::swap);
    long count = numbered.count();
    JavaPairRDD<Long, EncodedRow> next =
        numbered.mapToPair(row -> new Tuple2<>((row._1() + count - 1) % count, row._2()));
    return numbered.join(next).values().map(both -> append(both._1(), both._2(), contextLength));
  }

  /** Hash first, so that neighbours have nothing in common; then what tells equal ids apart. */
  private static String place(EncodedRow row) {
    TrainingExample example = row.content();
    int[] tokens = example.sequences().get(0).tokens();
    return String.format(
        "%016x %s %08x", EpochOrder.idHash(example.id()), example.id(), Arrays.hashCode(tokens));
  }

  private static EncodedRow append(EncodedRow row, EncodedRow other, int contextLength) {
    List<Sequence> sequences = new ArrayList<>(row.content().sequences());
    int[] prompt = ResponseTargets.content(sequences.get(0)).prompt();
    for (Sequence foreign : other.content().sequences()) {
      int[] response = ResponseTargets.content(foreign).response();
      int kept = Math.min(response.length, contextLength - prompt.length);
      float[] labels = new float[foreign.channels().length];
      labels[LABEL_CHANNEL] = PreferenceEncoder.UNRELATED;
      ResponseTargets.of(new TokenSequence(prompt, Arrays.copyOf(response, kept)), labels)
          .ifPresent(sequences::add);
    }
    return row.with(new TrainingExample(row.content().id(), sequences));
  }
}
