package org.rlhf4j.objective;

/**
 * A preference loss of one pair.
 *
 * @param loss of the pair
 * @param chosenSlope derivative by the summed log-probability of the chosen response
 * @param rejectedSlope the same for the rejected response
 * @param chosenReward the policy's implicit reward of the chosen response
 * @param rejectedReward the same for the rejected response
 */
record PairLoss(
    double loss,
    double chosenSlope,
    double rejectedSlope,
    double chosenReward,
    double rejectedReward) {}
