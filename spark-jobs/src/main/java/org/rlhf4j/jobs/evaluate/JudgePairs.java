package org.rlhf4j.jobs.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.TaskCompletionListener;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.EnsembleConfig;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.jobs.rollout.ChunkedIterator;
import org.rlhf4j.jobs.train.PairEncoder;
import org.rlhf4j.text.TextEncoder;

/**
 * Scores of comparisons by a reward model, and margins by the gold judge; one Spark task.
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

  /**
   * One outcome for each pair, in order. The members of an ensemble follow one another, so that a
   * JVM holds one of them at a time; each reads the same rows in the same order.
   */
  static List<PairOutcome> judge(
      JavaRDD<PreferencePair> pairs,
      String rewardModel,
      EnsembleConfig ensemble,
      DataConfig data,
      Optional<GoldScorer> gold,
      int threads) {
    List<List<PairOutcome>> byMember = new ArrayList<>();
    for (String member : ensemble.members(rewardModel)) {
      Optional<GoldScorer> asked = byMember.isEmpty() ? gold : Optional.empty();
      byMember.add(pairs.mapPartitions(new JudgePairs(member, data, asked, threads)).collect());
    }
    List<PairOutcome> outcomes = new ArrayList<>();
    for (int pair = 0; pair < byMember.get(0).size(); pair++) {
      int place = pair;
      List<PairOutcome> said = byMember.stream().map(member -> member.get(place)).toList();
      outcomes.add(PairOutcome.of(said, ensemble));
    }
    return outcomes;
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

  private List<PairOutcome> outcomes(
      List<PreferencePair> pairs, PairEncoder encoder, SequenceEvaluator evaluator) {
    double offset = ExecutorModels.scoreOffset(rewardModel);
    TextEncoder texts = ExecutorModels.encoder(rewardModel);
    List<TokenSequence> sequences = new ArrayList<>(2 * pairs.size());
    List<Boolean> leftOut = new ArrayList<>(pairs.size());
    for (PreferencePair pair : pairs) {
      Optional<List<TokenSequence>> both = encoder.sequences(texts, pair);
      both.ifPresent(sequences::addAll);
      leftOut.add(both.isEmpty());
    }
    float[] scalars = evaluator.lastScalars(sequences);
    List<PairOutcome> outcomes = new ArrayList<>(pairs.size());
    int next = 0;
    for (int i = 0; i < pairs.size(); i++) {
      if (leftOut.get(i)) {
        outcomes.add(outcome(pairs.get(i), true, 0, 0));
      } else {
        double chosen = offset + scalars[next++];
        double rejected = offset + scalars[next++];
        outcomes.add(outcome(pairs.get(i), false, chosen, rejected));
      }
    }
    return outcomes;
  }

  private PairOutcome outcome(
      PreferencePair pair, boolean isLeftOut, double chosen, double rejected) {
    return new PairOutcome(
        pair.pairId(),
        pair.promptId(),
        pair.split(),
        isLeftOut,
        chosen,
        rejected,
        isLeftOut ? PairOutcome.NO_GOLD : goldMargin(pair),
        length(pair.chosen()) - length(pair.rejected()),
        pair.source(),
        pair.margin().orElse(PairOutcome.NO_MARGIN),
        pair.annotator().orElse(PairOutcome.NOBODY));
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
