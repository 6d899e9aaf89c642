package org.rlhf4j.trust;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.rlhf4j.tensor.Floats;

/**
 * Solves A x = b for a symmetric positive definite A that is known by its products alone: Hestenes
 * and Stiefel 1952, as in Schulman et al. 2015 (arXiv:1502.05477), appendix C.
 *
 * @param steps products at most
 * @param tolerance ends where the residual's norm is so small a share of that of b
 */
record ConjugateGradient(int steps, double tolerance) {
  /**
   * @param solution x, [N]
   * @param curvature x A x, from the residual: no further product
   */
  record Solution(Floats solution, double curvature) {}

  Solution solve(UnaryOperator<Floats> product, Floats b, Supplier<Floats> vectors) {
    Floats x = vectors.get();
    Floats residual = vectors.get();
    Floats direction = vectors.get();
    Vectors.combine(1, b, 0, residual);
    Vectors.combine(1, b, 0, direction);
    double squared = Vectors.dot(residual, residual);
    double end = squared * tolerance * tolerance;
    for (int step = 0; step < steps && squared > end; step++) {
      Floats image = product.apply(direction);
      double curvature = Vectors.dot(direction, image);
      if (!(curvature > 0)) {
        break; // rounding has used up what can be known about this direction
      }
      double length = squared / curvature;
      Vectors.combine(length, direction, 1, x);
      Vectors.combine(-length, image, 1, residual);
      double next = Vectors.dot(residual, residual);
      Vectors.combine(1, residual, next / squared, direction);
      squared = next;
    }
    return new Solution(x, Vectors.dot(x, b) - Vectors.dot(x, residual));
  }
}
