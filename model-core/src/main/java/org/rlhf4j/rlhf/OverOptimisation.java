package org.rlhf4j.rlhf;

/**
 * How the gold reward rises and falls with the distance d = sqrt(KL) from the start (Gao, Schulman
 * and Hilton 2022, arXiv:2210.10760, section 3): d (alpha - beta d) for the best of n, d (alpha -
 * beta log d) for reinforcement learning.
 *
 * @param form of the curve
 * @param alpha gain per distance near the start
 * @param beta how fast optimising against the reward model stops to help; 0 where it never does
 */
public record OverOptimisation(Form form, double alpha, double beta) {
  private static final double SMALLEST_DETERMINANT = 1e-12; // relative

  /** What beta is multiplied with. */
  public enum Form {
    BEST_OF_N {
      @Override
      double decline(double distance) {
        return distance;
      }
    },
    REINFORCEMENT_LEARNING {
      @Override
      double decline(double distance) {
        return Math.log(distance);
      }
    };

    abstract double decline(double distance);
  }

  /**
   * The curve with the least squared error.
   *
   * @param distances square roots of KL in nats; those that are not positive do not count, [K]
   * @param gains of the reward over that at distance 0, [K]
   * @throws IllegalArgumentException if fewer than two different distances are positive
   */
  public static OverOptimisation fit(Form form, double[] distances, double[] gains) {
    double aa = 0;
    double ab = 0;
    double bb = 0;
    double ya = 0;
    double yb = 0;
    for (int i = 0; i < distances.length; i++) {
      double d = distances[i];
      if (d > 0) {
        double decline = -d * form.decline(d);
        aa += d * d;
        ab += d * decline;
        bb += decline * decline;
        ya += gains[i] * d;
        yb += gains[i] * decline;
      }
    }
    double determinant = aa * bb - ab * ab;
    if (!(determinant > SMALLEST_DETERMINANT * aa * bb)) {
      throw new IllegalArgumentException("A curve needs two different distances");
    }
    double alpha = (ya * bb - yb * ab) / determinant;
    double beta = (yb * aa - ya * ab) / determinant;
    return new OverOptimisation(form, alpha, beta);
  }

  /** Gain at a positive distance. */
  public double gain(double distance) {
    return distance * (alpha - beta * form.decline(distance));
  }

  /** Distance of the highest gain; infinite where optimising never hurts. */
  public double peak() {
    if (beta <= 0) {
      return Double.POSITIVE_INFINITY;
    }
    return form == Form.BEST_OF_N ? alpha / (2 * beta) : Math.exp(alpha / beta - 1);
  }
}
