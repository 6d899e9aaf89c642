package org.rlhf4j.generation;

import java.util.Iterator;
import java.util.function.Consumer;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.decoder.DecoderModel;

/** Samples responses with a key-value cache, refilling finished rows. Not thread-safe. Stub. */
public final class Generator implements AutoCloseable {
  /**
   * @param endTokens any of them ends a response
   * @param detokenizer decodes tokens to text, for stop sequences
   */
  public Generator(
      DecoderModel model,
      GenerationConfig config,
      int[] endTokens,
      java.util.function.Function<int[], String> detokenizer,
      int threads) {
    throw new UnsupportedOperationException();
  }

  /** Answers every request; responses arrive in the order they finish. */
  public void generate(
      Iterator<GenerationRequest> requests, Consumer<GeneratedResponse> responses) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
