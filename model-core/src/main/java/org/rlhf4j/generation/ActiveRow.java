package org.rlhf4j.generation;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.tensor.KeyValueCache;

/** A response in the making. */
final class ActiveRow {
  private final GenerationRequest request;
  private final KeyValueCache.Row cache;
  private final int[] tokens;
  private final float[] logprobs;
  private int count;

  ActiveRow(GenerationRequest request, KeyValueCache.Row cache, int maxNewTokens) {
    this.request = request;
    this.cache = cache;
    this.tokens = new int[maxNewTokens];
    this.logprobs = new float[maxNewTokens];
  }

  /** Tokens that the model has to read before it predicts the next. */
  int[] unread() {
    return count == 0 ? request.promptTokens() : new int[] {tokens[count - 1]};
  }

  /** Place of the first unread token in the sequence. */
  int position() {
    return count == 0 ? 0 : request.promptTokens().length + count - 1;
  }

  void add(Sampler.Draw draw) {
    tokens[count] = draw.token();
    logprobs[count] = draw.logprob();
    count++;
  }

  KeyValueCache.Row cache() {
    return cache;
  }

  long seed() {
    return request.seed();
  }

  /** Tokens sampled so far. */
  int count() {
    return count;
  }

  boolean isFull() {
    return count == tokens.length;
  }

  int lastToken() {
    return tokens[count - 1];
  }

  int[] response() {
    return Arrays.copyOf(tokens, count);
  }

  /** Each token of prompt and response once. */
  int[] distinctTokens() {
    return IntStream.concat(Arrays.stream(request.promptTokens()), Arrays.stream(tokens, 0, count))
        .distinct()
        .toArray();
  }

  GeneratedResponse finish(FinishReason reason) {
    cache.close();
    return new GeneratedResponse(
        request.index(), response(), Arrays.copyOf(logprobs, count), reason);
  }
}
