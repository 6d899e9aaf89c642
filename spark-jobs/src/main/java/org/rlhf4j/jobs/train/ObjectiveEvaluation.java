package org.rlhf4j.jobs.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.nd4j.linalg.dataset.DataSet;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.dl4j.TrainingNetwork;
import org.rlhf4j.jobs.model.TaskThreads;
import org.rlhf4j.objective.Objective;

/** An objective over held-out examples, merged in an order that no partitioning changes. */
final class ObjectiveEvaluation {
  private static final int BATCH = 32;
  private static final long ORDER_SEED = 0;

  private record Part(int index, double[] statistics) implements java.io.Serializable {}

  private ObjectiveEvaluation() {}

  static Map<String, Double> metrics(
      JavaSparkContext spark,
      DriverNetwork driver,
      Objective objective,
      JavaRDD<TrainingExample> examples) {
    long[] keys =
        examples
            .map(example -> EpochOrder.key(ORDER_SEED, EpochOrder.idHash(example.id())))
            .collect()
            .stream()
            .mapToLong(Long::longValue)
            .toArray();
    if (keys.length == 0) {
      return Map.of();
    }
    int minibatches = (keys.length + BATCH - 1) / BATCH;
    int perTask = Math.max(1, minibatches / spark.defaultParallelism());
    EpochPlan plan = EpochPlan.of(keys, BATCH, 1, perTask, Long.MAX_VALUE);
    ParameterHandle handle = driver.handle();
    int threads = TaskThreads.of(spark.sc());
    List<Part> parts =
        new ArrayList<>(
            EpochData.minibatches(examples, plan, ORDER_SEED)
                .mapPartitions(rows -> evaluate(handle, objective, threads, rows))
                .collect());
    parts.sort(Comparator.comparingInt(Part::index));
    double[] statistics = new double[objective.statistics().length];
    parts.forEach(part -> objective.merge(statistics, part.statistics()));
    return objective.metrics(statistics);
  }

  private static Iterator<Part> evaluate(
      ParameterHandle handle, Objective objective, int threads, Iterator<DataSet> minibatches) {
    return WorkerNetworks.read(
        handle, network -> evaluate(network, objective, threads, minibatches));
  }

  private static Iterator<Part> evaluate(
      TrainingNetwork network, Objective objective, int threads, Iterator<DataSet> minibatches) {
    List<Part> parts = new ArrayList<>();
    while (minibatches.hasNext()) {
      DataSet minibatch = minibatches.next();
      StepMark mark = (StepMark) minibatch.getExampleMetaData().get(0);
      parts.add(new Part(mark.step(), network.evaluate(minibatch, objective, threads)));
    }
    return parts.iterator();
  }
}
