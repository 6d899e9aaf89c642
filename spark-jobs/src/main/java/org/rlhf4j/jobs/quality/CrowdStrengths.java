package org.rlhf4j.jobs.quality;

import java.util.Arrays;

/**
 * Most probable strengths of one group for given reliabilities of the annotators; see {@link
 * CrowdBradleyTerry} for the model. Newton's method from strengths 0, where a vote of who inverts
 * already counts the other way round. A pair whose votes have hardly any curvature, or the wrong
 * one, lends a share of their expected information instead. The steps solve for all things at once
 * by conjugate gradients on the pairs, so that memory grows with the pairs, not with their square.
 * N things, E pairs, V votes.
 */
final class CrowdStrengths {
  private static final int MAX_STEPS = 200;
  private static final int MAX_HALVINGS = 30;

  /** Gain that Newton's method expects of a step, nats, after which it has arrived. */
  private static final double ENOUGH = 1e-10;

  /** Least curvature of a pair, as a share of the expected one. */
  private static final double LEAST_CURVATURE = 0.1;

  /** Products of probabilities become logarithms below this. */
  private static final double SMALL = 1e-100;

  /** Of the conjugate gradients, relative to the first residual. */
  private static final double PRECISION = 1e-10;

  private final Tournament tournament;
  private final double[] reliability;
  private final double prior;

  /** 2 eta - 1 of the annotator of each vote, [V]. */
  private final double[] worths;

  /** Derivatives of the log-likelihood of each pair's votes by its difference, [E]. */
  private final double[] slopes;

  /** Expected information on each pair's difference, [E]. */
  private final double[] weights;

  /** Observed information on each pair's difference, but no less than a share of the other, [E]. */
  private final double[] curvatures;

  private final double[] strengths;

  /** Probability of each thing against one of strength 0, [N]. */
  private final double[] expected;

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
    this.curvatures = new double[tournament.left().length];
    this.strengths = new double[tournament.things()];
    this.expected = new double[tournament.things()];
    this.worths = new double[tournament.votes().length];
    Arrays.setAll(worths, v -> 2 * reliability[tournament.annotator(v)] - 1);
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
      double[] gradient = gradient();
      double[] change = solved(gradient.clone());
      double gain = 0;
      double largest = 0;
      for (int i = 0; i < change.length; i++) {
        gain += gradient[i] * change[i] / 2;
        largest = Math.max(largest, Math.abs(change[i]));
      }

      double[] before = strengths.clone();
      if (gain < ENOUGH) { // less than rounding lets a comparison see
        return move(before, change, 1);
      }

      double scale = 1 / Math.max(1, largest); // damped far from the optimum
      double next = move(before, change, scale);
      for (int halving = 0; next < posterior && halving < MAX_HALVINGS; halving++) {
        scale /= 2;
        next = move(before, change, scale);
      }

      if (next < posterior) {
        return move(before, change, 0);
      }

      posterior = next;
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

  /** Also fills what the next step needs. */
  private double logPosterior() {
    double sum = 0;
    double product = 1;
    for (int e = 0; e < slopes.length; e++) {
      double left = BradleyTerry.sigmoid(difference(e));
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
        if (product < SMALL) {
          sum += Math.log(product);
          product = 1;
        }
      }

      slopes[e] = slope;
      weights[e] = weight;
      curvatures[e] = Math.max(squares - (1 - 2 * left) * slope, LEAST_CURVATURE * weight);
    }

    return sum + Math.log(product) + prior * logPrior();
  }

  private static double likelihood(double share, double probability, double rest) {
    if (share == 0.5) {
      return Math.sqrt(probability * rest);
    }

    return share == 1 ? probability : rest;
  }

  private double logPrior() {
    double sum = 0;
    double product = 1;
    for (int i = 0; i < strengths.length; i++) {
      expected[i] = BradleyTerry.sigmoid(strengths[i]);
      product *= expected[i] * (1 - expected[i]);
      if (product < SMALL) {
        sum += Math.log(product);
        product = 1;
      }
    }

    return sum + Math.log(product);
  }

  /** Of the logarithm of the posterior by each strength, [N]. */
  private double[] gradient() {
    double[] gradient = new double[strengths.length];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = prior * (1 - 2 * expected[i]);
    }

    for (int e = 0; e < slopes.length; e++) {
      gradient[tournament.left()[e]] += slopes[e];
      gradient[tournament.right()[e]] -= slopes[e];
    }

    return gradient;
  }

  /**
   * Conjugate gradients, preconditioned by the diagonal.
   *
   * @param residual right side; overwritten
   */
  private double[] solved(double[] residual) {
    int things = residual.length;
    double[] own = new double[things]; // what is no pair's
    Arrays.setAll(own, i -> 2 * prior * expected[i] * (1 - expected[i]));
    double[] diagonal = own.clone();
    for (int e = 0; e < curvatures.length; e++) {
      diagonal[tournament.left()[e]] += curvatures[e];
      diagonal[tournament.right()[e]] += curvatures[e];
    }

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

    for (int e = 0; e < curvatures.length; e++) {
      int left = tournament.left()[e];
      int right = tournament.right()[e];
      double flow = curvatures[e] * (direction[left] - direction[right]);
      image[left] += flow;
      image[right] -= flow;
    }

    return image;
  }
}
