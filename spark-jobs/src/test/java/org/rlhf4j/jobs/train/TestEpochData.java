package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.jobs.SparkTests;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

@Tag("spark")
class TestEpochData {
  private static final ClassTag<Object> ANY = ClassTag$.MODULE$.apply(Object.class);

  /** Numbers of partitions and the like. */
  private static final int FEW_BYTES = 100;

  @Test
  void tasksOfARoundCarryNoPlan() {
    assertThat(taskBytes(20_000)).isCloseTo(taskBytes(20), within(FEW_BYTES));
  }

  /** Of what a round sends to its tasks. */
  private static int taskBytes(int count) {
    List<TrainingExample> examples =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    new TrainingExample(
                        "example-" + i,
                        List.of(
                            new TrainingExample.Sequence(
                                new int[] {1, 2}, new int[] {1}, new float[][] {{1}}))))
            .toList();
    long[] keys =
        examples.stream().mapToLong(e -> EpochOrder.key(3, EpochOrder.idHash(e.id()))).toArray();
    EpochPlan plan = EpochPlan.of(keys, 2, 2, count, Long.MAX_VALUE);
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(SparkTests.session().sparkContext());
    SerializerInstance closures = SparkEnv.get().closureSerializer().newInstance();
    return closures
        .serialize(EpochData.minibatches(spark.parallelize(examples, 2), plan, 3).rdd(), ANY)
        .limit();
  }
}
