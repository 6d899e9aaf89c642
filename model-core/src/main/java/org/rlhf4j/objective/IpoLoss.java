package org.rlhf4j.objective;

/**
 * Identity preference optimisation: {@code (h - 1/(2 b))^2} with h the difference of the log-ratios
 * of chosen and rejected response; Azar et al. 2023 (arXiv:2310.12036), eq. 17, where b is called
 * tau.
 *
 * <p>The paper sums the log-ratios over tokens, and so does this; implementations that take their
 * mean over tokens (trl since 0.8) have another optimum, offered as an option.
 *
 * @param beta b
 * @param normalization of the log-ratios
 */
public record IpoLoss(double beta, Normalization normalization) implements PairObjective {
  /** What becomes of a response's log-ratio. */
  public enum Normalization {
    SUM,
    MEAN_OVER_TOKENS
  }

  @Override
  public boolean usesReference() {
    return true;
  }

  @Override
  public PairLoss pair(ResponseSum chosen, ResponseSum rejected) {
    double difference = ratio(chosen) - ratio(rejected);
    double error = difference - 1 / (2 * beta);
    return new PairLoss(
        error * error,
        2 * error / divisor(chosen),
        -2 * error / divisor(rejected),
        beta * ratio(chosen),
        beta * ratio(rejected));
  }

  private double ratio(ResponseSum response) {
    return response.logRatio() / divisor(response);
  }

  private int divisor(ResponseSum response) {
    return normalization == Normalization.SUM ? 1 : response.tokens();
  }
}
