package org.rlhf4j.jobs.quality;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Fits a {@link LabelModel} without knowing what is right, by expectation maximisation over the
 * items (Dawid and Skene 1979, section 3). The first expectation is the share of the votes, as in
 * the paper. One Spark job an iteration; the driver holds the parameters and nothing of the votes.
 */
final class ExpectationMaximization {
  /** Gain in log-likelihood, nats a vote, at which the fit has converged. */
  private static final double TOLERANCE = 1e-7;

  private final JavaSparkContext context;
  private final JavaRDD<VoteBlock> blocks;
  private final long votes;

  /** Result of one pass over the items. */
  private record Pass(double[] parameters, double logLikelihood) {}

  /**
   * @param votes on all items
   */
  ExpectationMaximization(JavaSparkContext context, JavaRDD<CodedItem> items, long votes) {
    this.context = context;
    // Sums are integers: fewer, larger partitions give the same and cost less.
    int partitions = Math.max(1, Math.min(items.getNumPartitions(), context.defaultParallelism()));
    this.blocks = items.coalesce(partitions).mapPartitions(VoteBlock::of);
    this.votes = votes;
  }

  LabelFit fit(LabelModel model, int annotators, int maxIterations) {
    blocks.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return iterate(model, annotators, maxIterations);
    } finally {
      blocks.unpersist();
    }
  }

  private LabelFit iterate(LabelModel model, int annotators, int maxIterations) {
    Pass last = pass(model, annotators, new double[0]);
    double logLikelihood = Double.NEGATIVE_INFINITY;
    for (int iteration = 1; iteration <= maxIterations; iteration++) {
      Pass next = pass(model, annotators, last.parameters());
      boolean isConverged = Math.abs(next.logLikelihood() - logLikelihood) < TOLERANCE * votes;
      if (isConverged) {
        return new LabelFit(model, last.parameters(), iteration, true, next.logLikelihood());
      }

      logLikelihood = next.logLikelihood();
      last = next;
    }

    return new LabelFit(model, last.parameters(), maxIterations, false, logLikelihood);
  }

  /**
   * @param parameters empty before the first maximisation
   */
  private Pass pass(LabelModel model, int annotators, double[] parameters) {
    Broadcast<double[]> known = context.broadcast(parameters);
    List<Tuple2<Integer, long[]>> merged =
        blocks
            .mapPartitionsToPair(part -> sums(model, annotators, part, known.value()))
            .reduceByKey(AnnotatorSums::plus)
            .collect(); // as large as the parameters
    known.destroy();
    long[] sums = AnnotatorSums.flat(merged, annotators + 1, model.width());
    return new Pass(model.maximize(sums), AnnotatorSums.logLikelihood(merged));
  }

  private static Iterator<Tuple2<Integer, long[]>> sums(
      LabelModel model, int annotators, Iterator<VoteBlock> blocks, double[] parameters) {
    AnnotatorSums sums = new AnnotatorSums(annotators + 1, model.width());
    while (blocks.hasNext()) {
      model.expect(blocks.next(), parameters, sums);
    }

    return sums.blocks();
  }
}
