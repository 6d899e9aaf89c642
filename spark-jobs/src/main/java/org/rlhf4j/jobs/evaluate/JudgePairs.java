package org.rlhf4j.jobs.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.TaskCompletionListener;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.jobs.rollout.ChunkedIterator;
import org.rlhf4j.jobs.train.PairEncoder;
import org.rlhf4j.text.TextEncoder;

/**
 * Margins of held-out comparisons by the reward model and the gold judge; one Spark task.
 *
 * <p>The reward model reads a pair within the length limits that it was trained with.
 */
final class JudgePairs implements FlatMapFunction<Iterator<PreferencePair>, PairOutcome> {
  private static final long serialVersionUID = 1L;
  private static final int CHUNK = 256;
  private static final int BATCH_TOKENS = 8192;

  private final String rewardModel;
  private final DataConfig data;
  private final List<GoldScorer> gold; // none or one: an Optional would not travel
  private final int threads;

  JudgePairs(String rewardModel, DataConfig data, Optional<GoldScorer> gold, int threads) {
    this.rewardModel = rewardModel;
    this.data = data;
    this.gold = new ArrayList<>(gold.stream().toList());
    this.threads = threads;
  }

  @Override
  public Iterator<PairOutcome> call(Iterator<PreferencePair> pairs) {
    if (!pairs.hasNext()) {
      return Collections.emptyIterator();
    }
    DecoderModel model = ExecutorModels.rewardModel(rewardModel);
    SequenceEvaluator evaluator = new SequenceEvaluator(model, BATCH_TOKENS, threads);
    TaskCompletionListener close = context -> evaluator.close();
    TaskContext.get().addTaskCompletionListener(close);
    PairEncoder encoder = PairEncoder.of(data, model.config().contextLength());
    return new ChunkedIterator<>(pairs, CHUNK, chunk -> outcomes(chunk, encoder, evaluator));
  }

  /** Of the pairs that the length limits leave. */
  private List<PairOutcome> outcomes(
      List<PreferencePair> pairs, PairEncoder encoder, SequenceEvaluator evaluator) {
    double offset = ExecutorModels.scoreOffset(rewardModel);
    TextEncoder texts = ExecutorModels.encoder(rewardModel);
    List<PreferencePair> kept = new ArrayList<>(pairs.size());
    List<TokenSequence> sequences = new ArrayList<>(2 * pairs.size());
    for (PreferencePair pair : pairs) {
      encoder
          .sequences(texts, pair)
          .ifPresent(
              both -> {
                kept.add(pair);
                sequences.addAll(both);
              });
    }
    float[] scores = evaluator.lastScalars(sequences);
    List<PairOutcome> outcomes = new ArrayList<>(kept.size());
    for (int i = 0; i < kept.size(); i++) {
      PreferencePair pair = kept.get(i);
      double margin = (double) scores[2 * i] - scores[2 * i + 1];
      outcomes.add(
          new PairOutcome(
              pair.pairId(),
              pair.promptId(),
              margin,
              goldMargin(pair),
              length(pair.chosen()) - length(pair.rejected()),
              pair.source(),
              pair.margin().orElse(PairOutcome.NO_MARGIN),
              offset + ((double) scores[2 * i] + scores[2 * i + 1]) / 2,
              pair.annotator().orElse(PairOutcome.NOBODY)));
    }
    return outcomes;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private double goldMargin(PreferencePair pair) {
    if (gold.isEmpty()) {
      return PairOutcome.NO_GOLD;
    }
    GoldScorer judge = gold.get(0);
    return judge.score(pair.prompt(), pair.chosen()) - judge.score(pair.prompt(), pair.rejected());
  }
}
