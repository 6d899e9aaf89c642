package org.rlhf4j.jobs.demo;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Somebody who compares replies by Plackett-Luce choice (Plackett 1975; for two replies this is
 * Bradley and Terry 1952) from the gold reward.
 *
 * @param temperature the gold reward is divided by it before the choice; negative prefers worse
 *     replies
 * @param inattention share of comparisons made without looking
 */
record DemoAnnotator(String name, double temperature, double inattention) {
  static final List<DemoAnnotator> ALL =
      List.of(
          new DemoAnnotator("careful-1", 0.3, 0),
          new DemoAnnotator("careful-2", 0.3, 0),
          new DemoAnnotator("careful-3", 0.3, 0),
          new DemoAnnotator("careful-4", 0.4, 0),
          new DemoAnnotator("careful-5", 0.4, 0),
          new DemoAnnotator("noisy-1", 0.8, 0),
          new DemoAnnotator("noisy-2", 1.2, 0),
          new DemoAnnotator("careless-1", 0.5, 0.4),
          new DemoAnnotator("careless-2", 0.5, 0.4),
          new DemoAnnotator("adversarial-1", -0.7, 0));

  /**
   * Order of preference: sorting by utility plus Gumbel noise is a Plackett-Luce choice (Yellott
   * 1977).
   *
   * @param gold rewards of the replies, [K]
   * @return indices of the replies, best first, [K]
   */
  int[] order(double[] gold, DemoRandom random) {
    boolean looks = !random.chance(inattention);
    double[] utility = new double[gold.length];
    for (int i = 0; i < gold.length; i++) {
      utility[i] = (looks ? gold[i] / temperature : 0) + random.gumbel();
    }
    return IntStream.range(0, gold.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> utility[i]).reversed())
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
