package org.rlhf4j.jobs.quality;

import java.util.Arrays;

/**
 * Most probable strengths of one group for given reliabilities of the annotators; see {@link
 * CrowdBradleyTerry} for the model. By {@link NewtonSolver} from strengths 0, where a vote of who
 * inverts already counts the other way round. A pair whose votes have hardly any curvature, or the
 * wrong one, lends a share of their expected information instead. N things, E pairs, V votes.
 */
final class CrowdStrengths implements NewtonSolver.Likelihood {
  /** Least curvature of a pair, as a share of the expected one. */
  private static final double LEAST_CURVATURE = 0.1;

  private final Tournament tournament;
  private final double[] reliability;

  /** 2 eta - 1 of the annotator of each vote, [V]. */
  private final double[] worths;

  /** Expected information on each pair's difference, [E]. */
  private final double[] weights;

  private final NewtonSolver solver;

  /**
   * @param reliability of each annotator, by number
   * @param prior wins, and losses, against a thing of strength 0
   */
  CrowdStrengths(Tournament tournament, double[] reliability, double prior) {
    this.tournament = tournament;
    this.reliability = reliability;
    this.weights = new double[tournament.left().length];
    this.worths = new double[tournament.votes().length];
    Arrays.setAll(worths, v -> 2 * reliability[tournament.annotator(v)] - 1);
    this.solver =
        new NewtonSolver(tournament.things(), tournament.left(), tournament.right(), prior, this);
  }

  /** Finds the strengths; returns the logarithm of their posterior, nats. */
  double solve() {
    return solver.solve();
  }

  /**
   * The strengths found, with errors from the expected information, the reliabilities taken as
   * known.
   */
  Strengths strengths(Components components) {
    return Strengths.centred(solver, components, tournament.left(), tournament.right(), weights);
  }

  /**
   * Adds how many of each annotator's comparisons are expected to say what the strengths say, and
   * how many there are.
   */
  void addTo(AnnotatorSums sums) {
    long[] amounts = new long[2];
    for (int e = 0; e < weights.length; e++) {
      double left = BradleyTerry.sigmoid(difference(solver.values(), e));
      for (int v = tournament.starts()[e]; v < tournament.starts()[e + 1]; v++) {
        int annotator = tournament.annotator(v);
        double eta = reliability[annotator];
        double share = tournament.leftShare(v);
        double faithful = share * faithful(eta, left) + (1 - share) * faithful(eta, 1 - left);
        amounts[0] = Math.round(faithful * FixedPoint.UNIT);
        amounts[1] = (long) FixedPoint.UNIT;
        sums.add(annotator, 0, amounts);
      }
    }
  }

  private static double faithful(double eta, double chosen) {
    return eta * chosen / (eta * chosen + (1 - eta) * (1 - chosen));
  }

  private double difference(double[] strengths, int e) {
    return strengths[tournament.left()[e]] - strengths[tournament.right()[e]];
  }

  /** Also fills the expected information. */
  @Override
  public double at(double[] strengths, double[] slopes, double[] curvatures) {
    double sum = 0;
    double product = 1;
    for (int e = 0; e < slopes.length; e++) {
      double left = BradleyTerry.sigmoid(difference(strengths, e));
      double spread = left * (1 - left);
      double slope = 0;
      double weight = 0;
      double squares = 0;
      for (int v = tournament.starts()[e]; v < tournament.starts()[e + 1]; v++) {
        double probability = 0.5 + worths[v] * (left - 0.5);
        double rest = 1 - probability;
        double share = tournament.leftShare(v);
        double derivative = worths[v] * spread;
        double information = derivative / (probability * rest);
        double ofLeft = information * rest;
        double ofRight = information * probability;
        slope += share * ofLeft - (1 - share) * ofRight;
        squares += share * ofLeft * ofLeft + (1 - share) * ofRight * ofRight;
        weight += information * derivative;
        product *= likelihood(share, probability, rest);
        if (product < NewtonSolver.SMALL) {
          sum += Math.log(product);
          product = 1;
        }
      }

      slopes[e] = slope;
      weights[e] = weight;
      curvatures[e] = Math.max(squares - (1 - 2 * left) * slope, LEAST_CURVATURE * weight);
    }

    return sum + Math.log(product);
  }

  private static double likelihood(double share, double probability, double rest) {
    if (share == 0.5) {
      return Math.sqrt(probability * rest);
    }

    return share == 1 ? probability : rest;
  }
}
