package org.rlhf4j.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;

/** Log-probabilities of 8 sequences of 128 tokens. */
final class ScoreRound implements Round {
  private final ModelShape shape;
  private final SequenceEvaluator evaluator;
  private final List<TokenSequence> sequences = new ArrayList<>();

  ScoreRound(ModelShape shape, int threads) {
    this.shape = shape;
    Random random = new Random(1);
    for (int i = 0; i < TrainRound.SEQUENCES; i++) {
      int vocabulary = shape.config().vocabularySize();
      int[] prompt = random.ints(1, 0, vocabulary).toArray();
      int[] response = random.ints(TrainRound.LENGTH - 1, 0, vocabulary).toArray();
      sequences.add(new TokenSequence(prompt, response));
    }
    this.evaluator = new SequenceEvaluator(shape.model(), TrainRound.TOKENS, threads);
  }

  @Override
  public void run() {
    evaluator.responseLogprobs(sequences, 1.0);
  }

  @Override
  public double operations() {
    double targets = TrainRound.SEQUENCES * (TrainRound.LENGTH - 1.0);
    return shape.forwardOperations(TrainRound.TOKENS, targets, TrainRound.LENGTH / 2.0);
  }

  @Override
  public void close() {
    evaluator.close();
  }
}
