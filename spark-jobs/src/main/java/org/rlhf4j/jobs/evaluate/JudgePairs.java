package org.rlhf4j.jobs.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.TaskCompletionListener;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.jobs.rollout.ChunkedIterator;
import org.rlhf4j.jobs.rollout.ResponseScorer;
import org.rlhf4j.jobs.rollout.ScoreRequest;

/** Margins of held-out comparisons by the reward model and the gold judge; one Spark task. */
final class JudgePairs implements FlatMapFunction<Iterator<PreferencePair>, PairOutcome> {
  private static final long serialVersionUID = 1L;
  private static final int CHUNK = 256;

  private final String rewardModel;
  private final List<GoldScorer> gold; // none or one: an Optional would not travel
  private final int threads;

  JudgePairs(String rewardModel, Optional<GoldScorer> gold, int threads) {
    this.rewardModel = rewardModel;
    this.gold = new ArrayList<>(gold.stream().toList());
    this.threads = threads;
  }

  @Override
  public Iterator<PairOutcome> call(Iterator<PreferencePair> pairs) {
    if (!pairs.hasNext()) {
      return Collections.emptyIterator();
    }
    ResponseScorer scorer = new ResponseScorer(rewardModel, ScoreConfig.DEFAULTS, threads);
    TaskCompletionListener close = context -> scorer.close();
    TaskContext.get().addTaskCompletionListener(close);
    return new ChunkedIterator<>(pairs, CHUNK, chunk -> outcomes(chunk, scorer));
  }

  private List<PairOutcome> outcomes(List<PreferencePair> pairs, ResponseScorer scorer) {
    List<ScoreRequest> requests =
        pairs.stream()
            .flatMap(
                pair -> Stream.of(request(pair, pair.chosen()), request(pair, pair.rejected())))
            .toList();
    List<Score> scores = scorer.score(requests);
    List<PairOutcome> outcomes = new ArrayList<>(pairs.size());
    for (int i = 0; i < pairs.size(); i++) {
      PreferencePair pair = pairs.get(i);
      double margin = scores.get(2 * i).rawScore() - scores.get(2 * i + 1).rawScore();
      outcomes.add(new PairOutcome(pair.pairId(), pair.promptId(), margin, goldMargin(pair)));
    }
    return outcomes;
  }

  private double goldMargin(PreferencePair pair) {
    if (gold.isEmpty()) {
      return PairOutcome.NO_GOLD;
    }
    GoldScorer judge = gold.get(0);
    return judge.score(pair.prompt(), pair.chosen()) - judge.score(pair.prompt(), pair.rejected());
  }

  private static ScoreRequest request(PreferencePair pair, String response) {
    return new ScoreRequest(pair.pairId(), pair.prompt(), response, FinishReason.STOP);
  }
}
