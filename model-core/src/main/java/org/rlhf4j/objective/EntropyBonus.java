package org.rlhf4j.objective;

/** Whether a policy's loss rewards entropy: Williams and Peng 1991, Mnih et al. 2016. */
public enum EntropyBonus {
  NONE,
  /** The entropy of each token's distribution, without that of the distributions it leads to. */
  TOKENS
}
