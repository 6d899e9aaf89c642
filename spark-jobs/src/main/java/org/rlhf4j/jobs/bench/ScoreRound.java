package org.rlhf4j.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;

/** Log-probabilities of 8 sequences of 128 tokens, or their scores by a reward model. */
final class ScoreRound implements Round {
  private final ModelShape shape;
  private final DecoderHead head;
  private final SequenceEvaluator evaluator;
  private final List<TokenSequence> sequences = new ArrayList<>();

  ScoreRound(ModelShape shape, DecoderHead head, int threads) {
    this.shape = shape;
    this.head = head;
    Random random = new Random(1);
    for (int i = 0; i < TrainRound.SEQUENCES; i++) {
      int vocabulary = shape.config().vocabularySize();
      int[] prompt = random.ints(1, 0, vocabulary).toArray();
      int[] response = random.ints(TrainRound.LENGTH - 1, 0, vocabulary).toArray();
      sequences.add(new TokenSequence(prompt, response));
    }
    this.evaluator = new SequenceEvaluator(shape.model(head), TrainRound.TOKENS, threads);
  }

  @Override
  public void run() {
    switch (head) {
      case LANGUAGE_MODEL -> evaluator.responseLogprobs(sequences, 1.0);
      case SCALAR -> evaluator.lastScalars(sequences);
    }
  }

  @Override
  public double operations() {
    boolean scalar = head == DecoderHead.SCALAR;
    double outputs = TrainRound.SEQUENCES * (scalar ? 1 : TrainRound.LENGTH - 1.0);
    double width = scalar ? 1 : shape.config().vocabularySize();
    return shape.forwardOperations(TrainRound.TOKENS, outputs, width, TrainRound.LENGTH / 2.0);
  }

  @Override
  public void close() {
    evaluator.close();
  }
}
