package org.rlhf4j.jobs.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.rlhf4j.data.dataset.Evaluation;
import org.rlhf4j.rlhf.BestOfN;

/**
 * What choosing the best of n responses by the reward model gives: the proxy that is optimised
 * beside the truth.
 *
 * @param points for n = 1, 2, 4, ...
 */
public record BestOfCurve(List<Point> points) {
  /**
   * @param kl from the policy to its best of n, nats per response
   * @param score of the reward model, mean over prompts
   * @param goldScore of the gold judge, for the response that the reward model chose
   */
  public record Point(int n, double kl, Estimate score, Optional<Estimate> goldScore) {}

  /**
   * @param byPrompt each prompt's responses, in a fixed order; prompts with fewer than {@code most}
   *     do not count
   * @param most largest n
   */
  static Optional<BestOfCurve> of(List<List<Evaluation>> byPrompt, int most) {
    List<List<Evaluation>> complete = byPrompt.stream().filter(r -> r.size() >= most).toList();
    if (complete.isEmpty()) {
      return Optional.empty();
    }
    boolean hasGold = complete.get(0).get(0).goldScore().isPresent();
    List<Point> points = new ArrayList<>();
    for (int n = 1; n <= most; n *= 2) {
      Optional<Estimate> gold =
          hasGold
              ? Optional.of(estimate(complete, n, r -> r.goldScore().orElseThrow()))
              : Optional.empty();
      points.add(new Point(n, BestOfN.kl(n), estimate(complete, n, Evaluation::score), gold));
    }
    return Optional.of(new BestOfCurve(List.copyOf(points)));
  }

  private static Estimate estimate(
      List<List<Evaluation>> byPrompt, int n, Function<Evaluation, Double> value) {
    return Estimate.of(
        byPrompt.stream()
            .map(
                responses ->
                    BestOfN.expectedValue(
                        responses.stream().mapToDouble(Evaluation::score).toArray(),
                        responses.stream().mapToDouble(value::apply).toArray(),
                        n))
            .toList());
  }
}
