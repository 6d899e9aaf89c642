package org.rlhf4j.jobs.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.jobs.JobException;

/**
 * Best-of-n sampling (Stiennon et al. 2020, arXiv:2009.01325): of n responses to a prompt the one
 * that the reward model scores highest; of equals the first.
 */
final class BestOf implements AutoCloseable {
  private final int candidates;
  private final ResponseScorer scorer;

  /**
   * @param candidates n
   */
  BestOf(int candidates, ResponseScorer scorer) {
    this.candidates = candidates;
    this.scorer = scorer;
  }

  /** n draws of its own for each draw, side by side. */
  List<PromptDraw> candidates(List<PromptDraw> draws) {
    return draws.stream()
        .flatMap(
            draw ->
                IntStream.range(0, candidates)
                    .map(i -> draw.sampleIndex() * candidates + i)
                    .mapToObj(i -> new PromptDraw(draw.promptId(), draw.prompt(), i)))
        .toList();
  }

  /**
   * @param sampled responses to {@link #candidates}; those to one draw are all there, or none is
   */
  List<Sampled> best(List<Sampled> sampled) {
    List<Score> scores = scorer.score(sampled.stream().map(Sampled::scoreRequest).toList());
    List<Sampled> chosen = new ArrayList<>(sampled.size() / candidates);
    for (int first = 0; first < sampled.size(); first += candidates) {
      int best = first;
      for (int i = first; i < first + candidates; i++) {
        requireFinite(scores.get(i));
        best = scores.get(i).score() > scores.get(best).score() ? i : best;
      }
      chosen.add(sampled.get(best));
    }
    return chosen;
  }

  private static void requireFinite(Score score) {
    if (!Double.isFinite(score.score())) {
      throw JobException.badInput(
          "The reward model scores response %s as %s, so that it cannot choose the best; train it"
              + " again or name another with --reward-model",
          score.rolloutId(), score.score());
    }
  }

  @Override
  public void close() {
    scorer.close();
  }
}
