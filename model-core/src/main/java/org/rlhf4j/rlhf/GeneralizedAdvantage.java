package org.rlhf4j.rlhf;

/**
 * Generalised advantage estimation, Schulman et al. 2016 (arXiv:1506.02438), eq. 16. One response
 * is one episode, which ends with its last token: nothing is bootstrapped, also not at a length
 * stop.
 */
public final class GeneralizedAdvantage {
  private GeneralizedAdvantage() {}

  /**
   * Advantages of the tokens of one response.
   *
   * @param rewards per-token rewards, KL penalty included, [T]
   * @param values value estimates V(s_t) before each token is emitted, [T]
   * @param gamma discount per token
   * @param lambda trade-off between bias (0) and variance (1)
   * @return advantages A_t, [T]
   */
  public static float[] estimate(float[] rewards, float[] values, double gamma, double lambda) {
    checkSameLength("values", values.length, "rewards", rewards.length);
    float[] advantages = new float[rewards.length];
    double advantage = 0.0; // A_T = 0: the episode ends with the last response token
    double nextValue = 0.0;
    for (int t = rewards.length - 1; t >= 0; t--) {
      double delta = rewards[t] + gamma * nextValue - values[t];
      advantage = delta + gamma * lambda * advantage;
      advantages[t] = (float) advantage;
      nextValue = values[t];
    }
    return advantages;
  }

  /**
   * What the critic learns: unwhitened advantages + values.
   *
   * @param advantages [T]
   * @param values [T]
   * @return returns, [T]
   */
  public static float[] returns(float[] advantages, float[] values) {
    checkSameLength("advantages", advantages.length, "values", values.length);
    float[] returns = new float[advantages.length];
    for (int t = 0; t < returns.length; t++) {
      returns[t] = advantages[t] + values[t];
    }
    return returns;
  }

  static void checkSameLength(String name, int length, String otherName, int otherLength) {
    if (length != otherLength) {
      throw new IllegalArgumentException(
          String.format(
              "%s has %d tokens, but %s has %d: they must belong to the same response",
              name, length, otherName, otherLength));
    }
  }
}
