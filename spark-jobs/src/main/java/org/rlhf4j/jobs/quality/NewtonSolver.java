package org.rlhf4j.jobs.quality;

/**
 * Most probable strengths of the things of one group, by Newton's method from strengths 0. The
 * steps solve for all things at once by conjugate gradients on the pairs, so that memory grows with
 * the pairs, not with the square of the things. N things, E pairs.
 *
 * <p>Every thing has {@code prior} wins and as many losses against one of strength 0, which keeps
 * strengths finite where one side always wins (the virtual node of Chen et al. 2013, section 4.2).
 */
final class NewtonSolver {
  private static final int MAX_STEPS = 200;
  private static final int MAX_HALVINGS = 30;

  /** Gain that Newton's method expects of a step, nats, after which it has arrived. */
  private static final double ENOUGH = 1e-10;

  /** Of the conjugate gradients, relative to the first residual. */
  private static final double PRECISION = 1e-10;

  /** Products of probabilities become logarithms below this. */
  static final double SMALL = 1e-100;

  private final int[] left;
  private final int[] right;
  private final double prior;
  private final Likelihood likelihood;

  /** Derivatives of the log-likelihood of each pair's votes by its difference, [E]. */
  private final double[] slopes;

  /** Minus the second derivatives, or what stands for them, [E]; not negative. */
  private final double[] curvatures;

  private final double[] strengths;

  /** Probability of each thing against one of strength 0, [N]. */
  private final double[] expected;

  private boolean isConverged;

  /** What the votes on all pairs say of strengths. */
  interface Likelihood {
    /**
     * Logarithm of the likelihood, nats; fills its derivatives.
     *
     * @param slopes by the difference of each pair, [E]
     * @param curvatures minus the second ones, not negative, [E]
     */
    double at(double[] strengths, double[] slopes, double[] curvatures);
  }

  /**
   * @param left number of one thing of each pair, [E]
   * @param right number of the other, [E]
   * @param prior wins, and losses, against a thing of strength 0
   */
  NewtonSolver(int things, int[] left, int[] right, double prior, Likelihood likelihood) {
    this.left = left;
    this.right = right;
    this.prior = prior;
    this.likelihood = likelihood;
    this.slopes = new double[left.length];
    this.curvatures = new double[left.length];
    this.strengths = new double[things];
    this.expected = new double[things];
  }

  /** Strengths, [N], not centred. */
  double[] values() {
    return strengths;
  }

  boolean isConverged() {
    return isConverged;
  }

  /** Information on each thing alone at the strengths, [N]. */
  double[] priorInformation() {
    double[] own = new double[strengths.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = 2 * prior * expected[i] * (1 - expected[i]);
    }

    return own;
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
        isConverged = true;
        return move(before, change, 1);
      }

      double scale = 1 / Math.max(1, largest); // damped far from the optimum
      double next = move(before, change, scale);
      for (int halving = 0; next < posterior && halving < MAX_HALVINGS; halving++) {
        scale /= 2;
        next = move(before, change, scale);
      }

      if (next < posterior) {
        isConverged = true; // no step is short enough to gain what rounding takes
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

  /** Also fills what the next step needs. */
  private double logPosterior() {
    return likelihood.at(strengths, slopes, curvatures) + prior * logPrior();
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
      gradient[left[e]] += slopes[e];
      gradient[right[e]] -= slopes[e];
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
    double[] own = priorInformation(); // what is no pair's
    double[] diagonal = own.clone();
    for (int e = 0; e < curvatures.length; e++) {
      diagonal[left[e]] += curvatures[e];
      diagonal[right[e]] += curvatures[e];
    }

    double[] solution = new double[things];
    double[] direction = new double[things];
    double norm = 0;
    for (int i = 0; i < things; i++) {
      diagonal[i] = diagonal[i] > 0 ? diagonal[i] : 1; // nothing known: nothing to solve
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
      double flow = curvatures[e] * (direction[left[e]] - direction[right[e]]);
      image[left[e]] += flow;
      image[right[e]] -= flow;
    }

    return image;
  }
}
