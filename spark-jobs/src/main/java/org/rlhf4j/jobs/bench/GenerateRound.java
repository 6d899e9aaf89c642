package org.rlhf4j.jobs.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.PackedModel;
import org.rlhf4j.generation.GenerationRequest;
import org.rlhf4j.generation.Generator;

/** 64 tokens sampled after each of some prompts of 32 tokens. */
final class GenerateRound implements Round {
  private static final int PROMPT = 32;
  static final int NEW_TOKENS = 64;

  private final ModelShape shape;
  private final Generator generator;
  private final List<GenerationRequest> requests = new ArrayList<>();

  GenerateRound(ModelShape shape, int batchSize, int threads) {
    this.shape = shape;
    Random random = new Random(2);
    for (int i = 0; i < batchSize; i++) {
      int[] prompt = random.ints(PROMPT, 0, shape.config().vocabularySize()).toArray();
      requests.add(new GenerationRequest(i, prompt, i));
    }
    GenerationConfig config =
        new GenerationConfig(NEW_TOKENS, 0, 1.0, 0, 1.0, false, 1, batchSize, List.of());
    this.generator =
        new Generator(
            new PackedModel(shape.model(DecoderHead.LANGUAGE_MODEL)),
            config,
            new int[0],
            Arrays::toString,
            threads);
  }

  @Override
  public void run() {
    generator.generate(requests.iterator(), response -> {});
  }

  @Override
  public double operations() {
    double read = requests.size() * (PROMPT + NEW_TOKENS - 1.0); // the last is not read
    double sampled = (double) requests.size() * NEW_TOKENS;
    double seen = (PROMPT + NEW_TOKENS) / 2.0;
    return shape.forwardOperations(read, sampled, shape.config().vocabularySize(), seen);
  }

  @Override
  public void close() {
    generator.close();
  }
}
