package org.rlhf4j.objective;

/**
 * Direct preference optimisation: {@code -log sigmoid(b h)} with h the difference of the log-ratios
 * {@code log pi(y|x) - log pi_ref(y|x)} of chosen and rejected response; Rafailov et al. 2023
 * (arXiv:2305.18290), eq. 7.
 *
 * <p>The conservative form takes labels to be wrong with probability e: {@code -(1 - e) log
 * sigmoid(b h) - e log sigmoid(-b h)}; Mitchell 2023, "A note on DPO with noisy preferences and
 * relationship to IPO", eq. 3.
 *
 * @param beta b
 * @param labelSmoothing e, below one half; 0 for plain DPO
 */
public record DpoLoss(double beta, double labelSmoothing) implements PairObjective {
  @Override
  public boolean usesReference() {
    return true;
  }

  @Override
  public PairLoss pair(ResponseSum chosen, ResponseSum rejected) {
    double chosenReward = beta * chosen.logRatio();
    double rejectedReward = beta * rejected.logRatio();
    double margin = chosenReward - rejectedReward;
    double loss =
        (1 - labelSmoothing) * Statistics.softplus(-margin)
            + labelSmoothing * Statistics.softplus(margin);
    double slope =
        beta
            * (labelSmoothing * Statistics.sigmoid(margin)
                - (1 - labelSmoothing) * Statistics.sigmoid(-margin));
    return new PairLoss(loss, slope, -slope, chosenReward, rejectedReward);
  }
}
