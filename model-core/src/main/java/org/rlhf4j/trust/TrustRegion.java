package org.rlhf4j.trust;

import org.rlhf4j.tensor.Floats;
import org.rlhf4j.trust.TrustRegionProblem.Measure;

/**
 * One step of trust region policy optimisation: Schulman et al. 2015 (arXiv:1502.05477), section 6
 * and appendix C. The direction is (F + damping I)^-1 g by conjugate gradients, its length the one
 * at which the quadratic model of the KL is {@code radius}; it is halved until the loss is lower
 * and the KL, measured and not modelled, is at most {@code radius}. Where that never happens, the
 * parameters stay.
 *
 * @param radius largest KL from the policy that sampled, nats per token
 * @param damping added to the Fisher information, which so few tokens leave without full rank
 * @param conjugateGradientSteps products with the Fisher information
 * @param lineSearchSteps lengths that are tried
 */
public record TrustRegion(
    double radius, double damping, int conjugateGradientSteps, int lineSearchSteps) {
  private static final double TOLERANCE = 1e-5;
  private static final double SHRINKAGE = 0.5;

  /**
   * What became of the parameters.
   *
   * @param share of the full step that was taken; 0 where none was accepted
   * @param gradientNorm of the loss before the step
   * @param before at the parameters that sampled
   * @param after at the parameters as they are now
   */
  public record Outcome(double share, double gradientNorm, Measure before, Measure after) {}

  /** Moves the problem's parameters. */
  public Outcome step(TrustRegionProblem problem) {
    Floats gradient = problem.gradient();
    double norm = Math.sqrt(Vectors.dot(gradient, gradient));
    Measure before = problem.moveBy(0, gradient);
    ConjugateGradient.Solution natural =
        new ConjugateGradient(conjugateGradientSteps, TOLERANCE)
            .solve(vector -> damped(problem, vector), gradient, problem::vector);
    if (natural.curvature() > 0) {
      double length = Math.sqrt(2 * radius / natural.curvature());
      double share = 1;
      for (int attempt = 0; attempt < lineSearchSteps; attempt++) {
        Measure after = problem.moveBy(-share * length, natural.solution());
        if (after.loss() < before.loss() && after.kl() <= radius) {
          return new Outcome(share, norm, before, after);
        }
        share *= SHRINKAGE;
      }
    }
    return new Outcome(0, norm, before, problem.moveBy(0, gradient));
  }

  private Floats damped(TrustRegionProblem problem, Floats vector) {
    Floats image = problem.fisherTimes(vector);
    Vectors.combine(damping, vector, 1, image);
    return image;
  }
}
