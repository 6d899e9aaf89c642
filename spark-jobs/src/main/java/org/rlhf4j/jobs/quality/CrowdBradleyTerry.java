package org.rlhf4j.jobs.quality;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * Bradley-Terry strengths s and the reliability eta of each annotator together (Chen, Bennett,
 * Collins-Thompson and Horvitz 2013, "Pairwise Ranking Aggregation in a Crowdsourced Setting"):
 * annotator k says that i beats j with probability eta_k sigma(s_i - s_j) + (1 - eta_k) sigma(s_j -
 * s_i), so that who inverts has an eta below 1/2.
 *
 * <p>Departures from the paper: maxima over the strengths for given reliabilities in the tasks, and
 * expectation maximisation over the reliabilities with a {@link Leap} after every two steps,
 * instead of gradients on both; a tie is half a comparison for either side. Each annotator begins
 * with {@code smoothing} faithful comparisons and as many of the other kind, each thing as in
 * {@link BradleyTerry}. The driver holds one number an annotator; nothing of a group is kept
 * between passes but its comparisons.
 */
final class CrowdBradleyTerry {
  /** Reliability before the first pass, which says which of two mirrored worlds is meant. */
  private static final double BELIEF = 0.8;

  private static final double LEAST = 1e-6;
  private static final double LARGEST_LOGIT = Math.log((1 - LEAST) / LEAST);

  private final JavaSparkContext context;
  private final JavaRDD<Tournament> tournaments;
  private final int annotators;
  private final double smoothing;
  private final double prior;

  /**
   * Result of one pass over the groups.
   *
   * @param parameters logits of the reliabilities the pass was made with, [A]
   * @param next those that the step leads to, [A]
   * @param comparisons by annotator, in units of {@link FixedPoint#UNIT}, [A]
   */
  private record Pass(double[] parameters, double[] next, long[] comparisons, double logPosterior)
      implements Leap.Pass {}

  /**
   * @param annotators A
   * @param prior of {@link BradleyTerry}
   */
  CrowdBradleyTerry(
      JavaSparkContext context,
      JavaRDD<Tournament> tournaments,
      int annotators,
      double smoothing,
      double prior) {
    this.context = context;
    this.tournaments = tournaments;
    this.annotators = annotators;
    this.smoothing = smoothing;
    this.prior = prior;
  }

  /**
   * @param tolerance gain of one step, nats a comparison, at which the fit has converged
   * @param maxPasses over all comparisons, at least 1
   */
  CrowdFit fit(double tolerance, int maxPasses) {
    double[] start = new double[annotators];
    Arrays.fill(start, logit(BELIEF));
    Pass first = pass(start);
    double enough = tolerance * Arrays.stream(first.comparisons()).sum() / FixedPoint.UNIT;
    return fit(new Leap(CrowdBradleyTerry::bounded).climb(first, this::pass, enough, maxPasses));
  }

  private static CrowdFit fit(Leap.Summit<Pass> found) {
    Pass pass = found.pass();
    double[] reliability = reliability(pass.parameters());
    for (int k = 0; k < reliability.length; k++) {
      reliability[k] = pass.comparisons()[k] == 0 ? Double.NaN : reliability[k];
    }

    return new CrowdFit(reliability, found.passes(), found.isConverged(), pass.logPosterior());
  }

  private Pass pass(double[] logits) {
    Broadcast<double[]> known = context.broadcast(reliability(logits));
    int size = annotators;
    double groupPrior = prior;
    JavaRDD<Tuple2<Integer, long[]>> parts =
        tournaments.mapPartitions(groups -> sums(groups, known.value(), groupPrior, size));
    List<Tuple2<Integer, long[]>> merged = AnnotatorSums.collected(parts, 2L * annotators);
    known.destroy();
    long[] sums = AnnotatorSums.flat(merged, annotators, 2);
    long[] comparisons = new long[annotators];
    double[] next = new double[annotators];
    double logPosterior = AnnotatorSums.logLikelihood(merged);
    for (int k = 0; k < annotators; k++) {
      comparisons[k] = sums[2 * k + 1];
      double right = sums[2 * k] / FixedPoint.UNIT + smoothing;
      double all = comparisons[k] / FixedPoint.UNIT + 2 * smoothing;
      next[k] = comparisons[k] == 0 ? logits[k] : bounded(logit(right / all));
      logPosterior += comparisons[k] == 0 ? 0 : logPrior(logits[k]);
    }

    return new Pass(logits, next, comparisons, logPosterior);
  }

  private static Iterator<Tuple2<Integer, long[]>> sums(
      Iterator<Tournament> groups, double[] reliability, double prior, int annotators) {
    AnnotatorSums sums = new AnnotatorSums(annotators, 2);
    while (groups.hasNext()) {
      CrowdStrengths strengths = new CrowdStrengths(groups.next(), reliability, prior);
      sums.addLogLikelihood(strengths.solve());
      strengths.addTo(sums);
    }

    return sums.blocks();
  }

  private double logPrior(double logit) {
    double eta = BradleyTerry.sigmoid(logit);
    return smoothing * (Math.log(eta) + Math.log(1 - eta));
  }

  private static double[] reliability(double[] logits) {
    return Arrays.stream(logits).map(BradleyTerry::sigmoid).toArray();
  }

  private static double logit(double probability) {
    return Math.log(probability / (1 - probability));
  }

  private static double[] bounded(double[] logits) {
    return Arrays.stream(logits).map(CrowdBradleyTerry::bounded).toArray();
  }

  private static double bounded(double logit) {
    return Math.max(-LARGEST_LOGIT, Math.min(LARGEST_LOGIT, logit));
  }
}
