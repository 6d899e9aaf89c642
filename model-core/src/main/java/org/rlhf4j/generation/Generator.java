package org.rlhf4j.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.decoder.IncrementalDecoder;
import org.rlhf4j.decoder.PackedModel;
import org.rlhf4j.tensor.Categorical;
import org.rlhf4j.tensor.KeyValueCache;
import org.rlhf4j.tensor.Matrix;

/**
 * Samples responses with a key-value cache, refilling finished rows. Not thread-safe.
 *
 * <p>Each step packs, without padding, the last token of every running response and the whole
 * prompts of new ones, so a row that ends is replaced in the next step.
 */
public final class Generator implements AutoCloseable {
  private static final int STEP_TOKENS = 4096; // bounds the activations of one step

  private final PackedModel model;
  private final GenerationConfig config;
  private final int[] endTokens;
  private final Function<int[], String> detokenizer;
  private final IncrementalDecoder decoder;
  private final Sampler sampler;
  private final ThreadLocal<SamplingMemory> memory;

  /**
   * @param endTokens any of them ends a response
   * @param detokenizer decodes tokens to text, for stop sequences
   */
  public Generator(
      PackedModel model,
      GenerationConfig config,
      int[] endTokens,
      Function<int[], String> detokenizer,
      int threads) {
    this.model = model;
    this.config = config;
    this.endTokens = endTokens.clone();
    this.detokenizer = detokenizer;
    this.decoder = new IncrementalDecoder(model, threads);
    this.sampler = new Sampler(config);
    int vocabularySize = model.config().vocabularySize();
    this.memory = ThreadLocal.withInitial(() -> new SamplingMemory(vocabularySize));
  }

  /** Memory of one thread. */
  private static final class SamplingMemory {
    private final float[] logits;
    private final Categorical distribution;

    SamplingMemory(int vocabularySize) {
      this.logits = new float[vocabularySize];
      this.distribution = new Categorical(vocabularySize);
    }
  }

  /** Answers every request; responses arrive in the order they finish. */
  public void generate(
      Iterator<GenerationRequest> requests, Consumer<GeneratedResponse> responses) {
    List<ActiveRow> rows = new ArrayList<>();
    Optional<GenerationRequest> waiting = next(requests);
    while (waiting.isPresent() || !rows.isEmpty()) {
      int tokens = rows.size();
      while (waiting.isPresent()
          && rows.size() < config.batchSize()
          && (rows.isEmpty() || tokens + waiting.get().promptTokens().length <= STEP_TOKENS)) {
        tokens += waiting.get().promptTokens().length;
        rows.add(open(waiting.get()));
        waiting = next(requests);
      }
      step(rows);
      deliver(rows, responses);
    }
  }

  private static Optional<GenerationRequest> next(Iterator<GenerationRequest> requests) {
    return requests.hasNext() ? Optional.of(requests.next()) : Optional.empty();
  }

  private ActiveRow open(GenerationRequest request) {
    int length = request.promptTokens().length;
    int room = model.config().contextLength() - length;
    if (length == 0 || room <= 0) {
      throw new IllegalArgumentException(
          "Prompt "
              + request.index()
              + " has "
              + length
              + " tokens, but a prompt needs at least one and fewer than the model's context of "
              + model.config().contextLength());
    }
    return new ActiveRow(request, decoder.open(), Math.min(room, config.maxNewTokens()));
  }

  /** Reads what is unread and samples one token for each row. */
  private void step(List<ActiveRow> rows) {
    int total = rows.stream().mapToInt(row -> row.unread().length).sum();
    KeyValueCache.Row[] caches = new KeyValueCache.Row[total];
    int[] tokens = new int[total];
    int[] positions = new int[total];
    int[] wanted = new int[rows.size()];
    int next = 0;
    for (int i = 0; i < wanted.length; i++) {
      ActiveRow row = rows.get(i);
      int[] unread = row.unread();
      for (int t = 0; t < unread.length; t++) {
        caches[next] = row.cache();
        tokens[next] = unread[t];
        positions[next++] = row.position() + t;
      }
      wanted[i] = next - 1;
    }
    sample(rows, decoder.step(caches, tokens, positions, wanted));
  }

  private void sample(List<ActiveRow> rows, Matrix logits) {
    decoder
        .kernels()
        .ranges(
            rows.size(),
            (from, to) -> {
              SamplingMemory of = memory.get();
              for (int i = from; i < to; i++) {
                ActiveRow row = rows.get(i);
                logits.values().copyTo(logits.start(i), of.logits, 0, of.logits.length);
                int[] forbidden = row.count() < config.minNewTokens() ? endTokens : new int[0];
                int[] seen = sampler.penalises() ? row.distinctTokens() : new int[0];
                row.add(
                    sampler.draw(
                        of.logits, seen, forbidden, of.distribution, row.seed(), row.count()));
              }
            });
  }

  private void deliver(List<ActiveRow> rows, Consumer<GeneratedResponse> responses) {
    for (int i = 0; i < rows.size(); ) {
      Optional<FinishReason> reason = finishReason(rows.get(i));
      if (reason.isEmpty()) {
        i++;
        continue;
      }
      ActiveRow finished = rows.remove(i);
      responses.accept(finished.finish(reason.get()));
    }
  }

  private Optional<FinishReason> finishReason(ActiveRow row) {
    if (Arrays.stream(endTokens).anyMatch(token -> token == row.lastToken()) || stops(row)) {
      return Optional.of(FinishReason.STOP);
    }
    return row.isFull() ? Optional.of(FinishReason.LENGTH) : Optional.empty();
  }

  private boolean stops(ActiveRow row) {
    if (config.stop().isEmpty()) {
      return false;
    }
    String text = detokenizer.apply(row.response());
    return config.stop().stream().anyMatch(text::contains);
  }

  @Override
  public void close() {
    decoder.close();
  }
}
