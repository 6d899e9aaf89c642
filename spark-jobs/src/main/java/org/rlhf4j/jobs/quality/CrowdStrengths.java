package org.rlhf4j.jobs.quality;

import java.util.Arrays;

/**
 * Most probable strengths of one group for given reliabilities of the annotators; see {@link
 * CrowdBradleyTerry} for the model. Fisher's scoring from strengths 0, whose first step takes every
 * annotator at his worth: an inverted vote of who inverts. The steps solve for all things at once
 * by conjugate gradients on the pairs, so that memory grows with the pairs, not with their square.
 * N things, E pairs.
 */
final class CrowdStrengths {
  private static final int MAX_STEPS = 200;
  private static final int MAX_HALVINGS = 30;
  private static final double TOLERANCE = 1e-9;

  /** Of the conjugate gradients, relative to the first residual. */
  private static final double PRECISION = 1e-10;

  private final Tournament tournament;
  private final double[] reliability;
  private final double prior;

  /** Derivatives of the log-likelihood of each pair's votes by its difference, [E]. */
  private final double[] slopes;

  /** Expected information on each pair's difference, [E]. */
  private final double[] weights;

  private final double[] strengths;

  /**
   * @param reliability of each annotator, by number
   * @param prior wins, and losses, against a thing of strength 0
   */
  CrowdStrengths(Tournament tournament, double[] reliability, double prior) {
    this.tournament = tournament;
    this.reliability = reliability;
    this.prior = prior;
    this.slopes = new double[tournament.left().length];
    this.weights = new double[tournament.left().length];
    this.strengths = new double[tournament.things()];
  }

  /** Strengths, [N], not centred. */
  double[] values() {
    return strengths;
  }

  /** Expected information on each pair's difference at the strengths, [E]. */
  double[] weights() {
    return weights;
  }

  /** Finds the strengths; returns the logarithm of their posterior, nats. */
  double solve() {
    double posterior = logPosterior();
    for (int step = 0; step < MAX_STEPS; step++) {
      double[] change = change();
      double largest = Arrays.stream(change).map(Math::abs).max().orElse(0);
      double scale = Math.min(1, 1 / Math.max(1, largest)); // damped far from the optimum
      double[] before = strengths.clone();
      double next = move(before, change, scale);
      for (int halving = 0; next < posterior && halving < MAX_HALVINGS; halving++) {
        scale /= 2;
        next = move(before, change, scale);
      }

      if (next < posterior) {
        System.arraycopy(before, 0, strengths, 0, before.length);
        return logPosterior();
      }

      posterior = next;
      if (scale * largest < TOLERANCE) {
        break;
      }
    }

    return posterior;
  }

  private double move(double[] before, double[] change, double scale) {
    for (int i = 0; i < strengths.length; i++) {
      strengths[i] = before[i] + scale * change[i];
    }

    return logPosterior();
  }

  /**
   * Adds how many of each annotator's comparisons are expected to say what the strengths say, and
   * how many there are.
   */
  void addTo(AnnotatorSums sums) {
    long[] amounts = new long[2];
    for (int e = 0; e < slopes.length; e++) {
      double left = BradleyTerry.sigmoid(difference(e));
      for (int v = tournament.starts()[e]; v < tournament.starts()[e + 1]; v++) {
        int annotator = tournament.annotator(v);
        double eta = reliability[annotator];
        double share = tournament.leftShare(v);
        double faithful = share * faithful(eta, left) + (1 - share) * faithful(eta, 1 - left);
        amounts[0] = Math.round(faithful * AnnotatorSums.UNIT);
        amounts[1] = (long) AnnotatorSums.UNIT;
        sums.add(annotator, 0, amounts);
      }
    }
  }

  private static double faithful(double eta, double chosen) {
    return eta * chosen / (eta * chosen + (1 - eta) * (1 - chosen));
  }

  private double difference(int e) {
    return strengths[tournament.left()[e]] - strengths[tournament.right()[e]];
  }

  /** Also fills the slopes and weights. */
  private double logPosterior() {
    double sum = 0;
    for (int e = 0; e < slopes.length; e++) {
      double left = BradleyTerry.sigmoid(difference(e));
      double spread = left * (1 - left);
      double slope = 0;
      double weight = 0;
      for (int v = tournament.starts()[e]; v < tournament.starts()[e + 1]; v++) {
        double worth = 2 * reliability[tournament.annotator(v)] - 1;
        double probability = 0.5 + worth * (left - 0.5);
        double share = tournament.leftShare(v);
        double derivative = worth * spread;
        double variance = probability * (1 - probability);
        slope += (share - probability) * derivative / variance;
        weight += derivative * derivative / variance;
        sum +=
            (share > 0 ? share * Math.log(probability) : 0)
                + (share < 1 ? (1 - share) * Math.log(1 - probability) : 0);
      }

      slopes[e] = slope;
      weights[e] = weight;
    }

    for (double strength : strengths) {
      double expected = BradleyTerry.sigmoid(strength);
      sum += prior * (Math.log(expected) + Math.log(1 - expected));
    }

    return sum;
  }

  private double[] change() {
    int things = strengths.length;
    double[] residual = new double[things];
    double[] diagonal = new double[things];
    for (int i = 0; i < things; i++) {
      double expected = BradleyTerry.sigmoid(strengths[i]);
      residual[i] = prior * (1 - 2 * expected);
      diagonal[i] = 2 * prior * expected * (1 - expected);
    }

    double[] own = diagonal.clone();
    for (int e = 0; e < slopes.length; e++) {
      residual[tournament.left()[e]] += slopes[e];
      residual[tournament.right()[e]] -= slopes[e];
      diagonal[tournament.left()[e]] += weights[e];
      diagonal[tournament.right()[e]] += weights[e];
    }

    return solved(residual, diagonal, own);
  }

  /**
   * Conjugate gradients, preconditioned by the diagonal.
   *
   * @param residual right side; overwritten
   * @param diagonal of the information, [N]
   * @param own part of it that is no pair's, [N]
   */
  private double[] solved(double[] residual, double[] diagonal, double[] own) {
    int things = residual.length;
    double[] solution = new double[things];
    double[] direction = new double[things];
    double norm = 0;
    for (int i = 0; i < things; i++) {
      direction[i] = residual[i] / diagonal[i];
      norm += residual[i] * direction[i];
    }

    double enough = PRECISION * PRECISION * norm;
    for (int step = 0; step < 2 * things + 10 && norm > enough; step++) {
      double[] image = image(direction, own);
      double curvature = 0;
      for (int i = 0; i < things; i++) {
        curvature += direction[i] * image[i];
      }

      double length = norm / curvature;
      double next = 0;
      for (int i = 0; i < things; i++) {
        solution[i] += length * direction[i];
        residual[i] -= length * image[i];
        next += residual[i] * residual[i] / diagonal[i];
      }

      for (int i = 0; i < things; i++) {
        direction[i] = residual[i] / diagonal[i] + next / norm * direction[i];
      }

      norm = next;
    }

    return solution;
  }

  private double[] image(double[] direction, double[] own) {
    double[] image = new double[direction.length];
    for (int i = 0; i < direction.length; i++) {
      image[i] = own[i] * direction[i];
    }

    for (int e = 0; e < weights.length; e++) {
      int left = tournament.left()[e];
      int right = tournament.right()[e];
      double flow = weights[e] * (direction[left] - direction[right]);
      image[left] += flow;
      image[right] -= flow;
    }

    return image;
  }
}
