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
 *
 * <p>Departure from the paper: after every two steps there is a {@link Leap} along them, which is
 * kept if the posterior has become larger than by the two steps. The maximum is the same, and is
 * reached in fewer passes over the votes.
 */
final class ExpectationMaximization {
  private final JavaSparkContext context;
  private final JavaRDD<VoteBlock> blocks;
  private final double enough;

  /**
   * Result of one pass over the items.
   *
   * @param parameters the pass was made with
   * @param next those that the step leads to
   */
  private record Pass(double[] parameters, double[] next, double logLikelihood, double logPosterior)
      implements Leap.Pass {}

  /**
   * @param enough gain in log-posterior by one step at which the fit has converged, nats
   */
  ExpectationMaximization(JavaSparkContext context, JavaRDD<CodedItem> items, double enough) {
    this.context = context;
    // Sums are integers: fewer, larger partitions give the same and cost less.
    int partitions = Math.max(1, Math.min(items.getNumPartitions(), context.defaultParallelism()));
    this.blocks = items.coalesce(partitions).mapPartitions(VoteBlock::of);
    this.enough = enough;
  }

  /**
   * @param maxIterations passes over the votes, at least 1
   */
  LabelFit fit(LabelModel model, int annotators, int maxIterations) {
    blocks.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return iterate(model, annotators, maxIterations);
    } finally {
      blocks.unpersist();
    }
  }

  private LabelFit iterate(LabelModel model, int annotators, int maxIterations) {
    double[] start = pass(model, annotators, new double[0]).next();
    Leap.Summit<Pass> found =
        new Leap(model::normalized)
            .climb(
                pass(model, annotators, start),
                parameters -> pass(model, annotators, parameters),
                enough,
                maxIterations);
    return new LabelFit(
        model,
        found.pass().parameters(),
        found.passes(),
        found.isConverged(),
        found.pass().logLikelihood());
  }

  /**
   * @param parameters empty before the first maximisation
   */
  private Pass pass(LabelModel model, int annotators, double[] parameters) {
    Broadcast<double[]> known = context.broadcast(parameters);
    JavaRDD<Tuple2<Integer, long[]>> parts =
        blocks.mapPartitions(part -> sums(model, annotators, part, known.value()));
    List<Tuple2<Integer, long[]>> merged =
        AnnotatorSums.collected(parts, (annotators + 1L) * model.width());
    known.destroy();
    double[] next = model.maximize(AnnotatorSums.flat(merged, annotators + 1, model.width()));
    double logLikelihood = AnnotatorSums.logLikelihood(merged);
    double logPrior = parameters.length == 0 ? 0 : model.logPrior(parameters);
    return new Pass(parameters, next, logLikelihood, logLikelihood + logPrior);
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
