package org.rlhf4j.dl4j;

/** A loss, gradient or weight that is not a number any more. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DivergedException(double loss, double gradientNorm) {
    super(String.format("loss %s, gradient norm %s", loss, gradientNorm));
  }

  DivergedException(String message) {
    super(message);
  }
}
