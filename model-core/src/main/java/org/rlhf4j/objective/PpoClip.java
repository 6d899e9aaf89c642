package org.rlhf4j.objective;

/**
 * Clipped surrogate of PPO: {@code -min(r A, clip(r, 1 - c, 1 + c) A)}.
 *
 * <p>Schulman et al. 2017 (arXiv:1707.06347), eq. 7. The dual clip bounds the surrogate of a
 * negative advantage by {@code d A}: Ye et al. 2020 (arXiv:1912.09729), eq. 5. A token counts as
 * clipped where the clipped term binds, as in lm-human-preferences (train_policy.py).
 *
 * @param clipRange c
 * @param dualClip d, above 1; 0 means none
 */
public record PpoClip(double clipRange, double dualClip) implements Surrogate {
  @Override
  public double loss(double logprob, double ratio, double advantage, double penalty) {
    double inRange = Math.min(ratio * advantage, clipped(ratio, advantage));
    return -Math.max(inRange, bound(advantage));
  }

  @Override
  public double slope(double ratio, double advantage, double penalty) {
    double surrogate = ratio * advantage;
    boolean flat = isClipped(ratio, advantage) || surrogate < bound(advantage);
    return flat ? 0 : -surrogate;
  }

  @Override
  public boolean isClipped(double ratio, double advantage) {
    return clipped(ratio, advantage) < ratio * advantage;
  }

  private double clipped(double ratio, double advantage) {
    return Statistics.clip(ratio, 1 - clipRange, 1 + clipRange) * advantage;
  }

  private double bound(double advantage) {
    return advantage < 0 && dualClip > 0 ? dualClip * advantage : Double.NEGATIVE_INFINITY;
  }
}
