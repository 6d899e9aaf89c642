package org.rlhf4j.objective;

/**
 * Simple preference optimisation, without reference policy: {@code -log sigmoid(b (m_chosen -
 * m_rejected) - g)} with m the mean over tokens of the log-probability; Meng et al. 2024
 * (arXiv:2405.14734), eq. 6.
 *
 * @param beta b
 * @param gamma g, the margin that the rewards shall have
 */
public record SimpoLoss(double beta, double gamma) implements PairObjective {
  @Override
  public boolean usesReference() {
    return false;
  }

  @Override
  public PairLoss pair(ResponseSum chosen, ResponseSum rejected) {
    double chosenReward = beta * chosen.meanLogprob();
    double rejectedReward = beta * rejected.meanLogprob();
    double margin = chosenReward - rejectedReward - gamma;
    double slope = -beta * Statistics.sigmoid(-margin);
    return new PairLoss(
        Statistics.softplus(-margin),
        slope / chosen.tokens(),
        -slope / rejected.tokens(),
        chosenReward,
        rejectedReward);
  }
}
