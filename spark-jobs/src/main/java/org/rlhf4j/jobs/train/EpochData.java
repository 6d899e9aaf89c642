package org.rlhf4j.jobs.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaRDD;
import org.nd4j.linalg.dataset.DataSet;
import org.rlhf4j.dl4j.Minibatch;
import org.rlhf4j.dl4j.TrainingExample;
import scala.Tuple2;

/** Lays the examples out as a plan wants them: one partition per round and worker, in order. */
final class EpochData {
  private EpochData() {}

  /** Minibatches by partition, each marked with a {@link StepMark}. */
  static JavaRDD<DataSet> minibatches(
      JavaRDD<TrainingExample> examples, EpochPlan plan, long epochSeed) {
    return examples
        .filter(example -> plan.uses(key(example, epochSeed)))
        .mapToPair(
            example ->
                new Tuple2<>(plan.place(key(example, epochSeed)), ExampleCodec.encode(example)))
        .repartitionAndSortWithinPartitions(new EpochPlace.ByPartition(plan.partitions()))
        .mapPartitions(StepIterator::new);
  }

  private static long key(TrainingExample example, long epochSeed) {
    return EpochOrder.key(epochSeed, EpochOrder.idHash(example.id()));
  }

  /** Cuts sorted rows where the step changes; packs one minibatch at a time. */
  private static final class StepIterator implements Iterator<DataSet> {
    private final Iterator<Tuple2<EpochPlace, byte[]>> rows;
    private Tuple2<EpochPlace, byte[]> next;

    StepIterator(Iterator<Tuple2<EpochPlace, byte[]>> rows) {
      this.rows = rows;
      advance();
    }

    private void advance() {
      next = rows.hasNext() ? rows.next() : null;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public DataSet next() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      int step = next._1().step();
      long keySum = 0;
      List<Tuple2<EpochPlace, TrainingExample>> slice = new ArrayList<>();
      while (next != null && next._1().step() == step) {
        keySum += next._1().key();
        slice.add(new Tuple2<>(next._1(), ExampleCodec.decode(next._2())));
        advance();
      }
      // Equal keys come in any order from a shuffle.
      slice.sort(
          Comparator.<Tuple2<EpochPlace, TrainingExample>, EpochPlace>comparing(Tuple2::_1)
              .thenComparing(row -> row._2().id()));
      DataSet minibatch = Minibatch.pack(slice.stream().map(Tuple2::_2).toList()).toDataSet();
      minibatch.setExampleMetaData(List.of(new StepMark(step, slice.size(), keySum)));
      return minibatch;
    }
  }
}
