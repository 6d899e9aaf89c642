package org.rlhf4j.decoder;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Log-probabilities and scalars of whole sequences, batched by length inside. Not thread-safe. */
public final class SequenceEvaluator implements AutoCloseable {
  private final DecoderModel model;
  private final Decoder decoder;
  private final int batchTokens;

  /**
   * @param batchTokens upper bound on tokens evaluated together
   */
  public SequenceEvaluator(DecoderModel model, int batchTokens, int threads) {
    this.model = model;
    this.decoder = new Decoder(model.config(), model.head(), model.weights().kernels(), threads);
    this.batchTokens = batchTokens;
  }

  /**
   * Log-probability of each response token, nats, one [T] array per sequence, in the order given.
   */
  public List<float[]> responseLogprobs(List<TokenSequence> sequences, double temperature) {
    require(DecoderHead.LANGUAGE_MODEL);
    return evaluate(sequences, temperature, s -> range(s.prompt().length, s.length()));
  }

  /** Scalar at the last token of each sequence, in the order given. */
  public float[] lastScalars(List<TokenSequence> sequences) {
    require(DecoderHead.SCALAR);
    List<float[]> scalars = evaluate(sequences, 1.0, s -> range(s.length() - 1, s.length()));
    float[] last = new float[scalars.size()];
    for (int i = 0; i < last.length; i++) {
      last[i] = scalars.get(i)[0];
    }
    return last;
  }

  /**
   * Scalar at the position before each response token is emitted, one [T] array per sequence: a
   * critic's values.
   */
  public List<float[]> values(List<TokenSequence> sequences) {
    require(DecoderHead.SCALAR);
    return evaluate(sequences, 1.0, s -> range(s.prompt().length - 1, s.length() - 1));
  }

  /**
   * Scalar at each response token itself, one [T] array per sequence: a critic's Q of the token.
   */
  public List<float[]> actionValues(List<TokenSequence> sequences) {
    require(DecoderHead.SCALAR);
    return evaluate(sequences, 1.0, s -> range(s.prompt().length, s.length()));
  }

  /** Which tokens of a sequence are asked for. */
  private interface TargetRule {
    int[] targets(TokenSequence sequence);
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  private void require(DecoderHead head) {
    if (model.head() != head) {
      throw new IllegalStateException("The model has another head: " + model.head());
    }
  }

  private List<float[]> evaluate(
      List<TokenSequence> sequences, double temperature, TargetRule rule) {
    List<float[]> results = new ArrayList<>();
    for (TokenSequence sequence : sequences) {
      if (sequence.prompt().length == 0) {
        throw new IllegalArgumentException("A sequence needs at least one prompt token");
      }
      results.add(new float[rule.targets(sequence).length]);
    }
    List<Integer> order = new ArrayList<>(IntStream.range(0, sequences.size()).boxed().toList());
    order.sort(Comparator.comparingInt(i -> -sequences.get(i).length())); // longest first
    int from = 0;
    while (from < order.size()) {
      int to = from + 1;
      int tokens = sequences.get(order.get(from)).length();
      while (to < order.size() && tokens + sequences.get(order.get(to)).length() <= batchTokens) {
        tokens += sequences.get(order.get(to)).length();
        to++;
      }
      evaluateBatch(sequences, order.subList(from, to), temperature, rule, results);
      from = to;
    }
    return results;
  }

  private void evaluateBatch(
      List<TokenSequence> sequences,
      List<Integer> members,
      double temperature,
      TargetRule rule,
      List<float[]> results) {
    int[] offsets = new int[members.size() + 1];
    int targetCount = 0;
    for (int i = 0; i < members.size(); i++) {
      offsets[i + 1] = offsets[i] + sequences.get(members.get(i)).length();
      targetCount += results.get(members.get(i)).length;
    }
    int[] tokens = new int[offsets[members.size()]];
    int[] targets = new int[targetCount];
    int next = 0;
    for (int i = 0; i < members.size(); i++) {
      TokenSequence sequence = sequences.get(members.get(i));
      System.arraycopy(sequence.tokens(), 0, tokens, offsets[i], sequence.length());
      for (int target : rule.targets(sequence)) {
        targets[next++] = offsets[i] + target;
      }
    }
    float[] outputs = new float[targetCount];
    decoder.evaluate(
        model.weights(), new TokenBatch(tokens, offsets, targets), temperature, outputs);
    int read = 0;
    for (int member : members) {
      float[] result = results.get(member);
      System.arraycopy(outputs, read, result, 0, result.length);
      read += result.length;
    }
  }

  @Override
  public void close() {
    decoder.close();
  }
}
