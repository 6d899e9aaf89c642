package org.rlhf4j.rlhf;

import java.util.Arrays;
import java.util.Comparator;

/** What one expects of the best of n responses of a policy, by the score of a reward model. */
public final class BestOfN {
  private BestOfN() {}

  /**
   * KL from the policy to its best of n, nats: log n - (n - 1) / n (Stiennon et al. 2020,
   * arXiv:2009.01325, appendix G.3); exact where no two responses are equally good.
   */
  public static double kl(int n) {
    return Math.log(n) - (n - 1.0) / n;
  }

  /**
   * Mean value of the response with the highest score among n, over all choices of n of the
   * responses: the unbiased estimator of Nakano et al. 2021 (arXiv:2112.09332, appendix I).
   *
   * @param scores of one prompt's responses, which choose, [N]
   * @param values whose mean is wanted, such as those of a gold judge, [N]
   * @param n at most N; of equal scores the later one is the higher
   */
  public static double expectedValue(double[] scores, double[] values, int n) {
    int count = scores.length;
    if (n < 1 || n > count || values.length != count) {
      throw new IllegalArgumentException(
          "The best of " + n + " needs as many scores and values, but there are " + count);
    }
    Integer[] ascending = new Integer[count];
    Arrays.setAll(ascending, i -> i);
    Arrays.sort(ascending, Comparator.comparingDouble(i -> scores[i]));
    // The k-th lowest is the best of C(k - 1, n - 1) of all C(N, n) choices.
    double share = (double) n / count;
    double mean = 0;
    for (int k = count; k >= n; k--) {
      mean += share * values[ascending[k - 1]];
      share *= (double) (k - n) / (k - 1);
    }
    return mean;
  }
}
