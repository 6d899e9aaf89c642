package org.rlhf4j.jobs.bench;

import java.util.Arrays;
import java.util.List;
import org.rlhf4j.decoder.DecoderHead;

/**
 * One line of the table.
 *
 * @param batchSize responses sampled together; 0 where nothing is sampled
 * @param target speed wanted, PyTorch's being 1
 */
record BenchCase(Work work, ModelShape shape, int batchSize, double target) {
  private static final int MANY = 64;

  /** What is measured; scores are log-probabilities, rewards are a reward model's. */
  enum Work {
    TRAIN,
    SCORE,
    REWARD,
    GENERATE
  }

  static final List<BenchCase> ALL =
      List.of(
          new BenchCase(Work.TRAIN, ModelShape.SMALL, 0, 1.3),
          new BenchCase(Work.TRAIN, ModelShape.GPT2, 0, 1.0),
          new BenchCase(Work.SCORE, ModelShape.SMALL, 0, 1.2),
          new BenchCase(Work.SCORE, ModelShape.GPT2, 0, 1.2),
          new BenchCase(Work.REWARD, ModelShape.SMALL, 0, 1.2),
          new BenchCase(Work.REWARD, ModelShape.GPT2, 0, 1.2),
          new BenchCase(Work.GENERATE, ModelShape.SMALL, MANY, 4.0),
          new BenchCase(Work.GENERATE, ModelShape.GPT2, MANY, 2.5),
          new BenchCase(Work.GENERATE, ModelShape.SMALL, 1, 1.2),
          new BenchCase(Work.GENERATE, ModelShape.GPT2, 1, 1.0));

  static List<String> names() {
    return ALL.stream().map(BenchCase::name).toList();
  }

  static BenchCase named(String name) {
    return ALL.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  /** Such as {@code train-small} or {@code generate64-gpt2}. */
  String name() {
    String count = batchSize == 0 ? "" : "" + batchSize;
    return work.name().toLowerCase(java.util.Locale.ROOT) + count + "-" + shape;
  }

  /** Tokens that one round trains on, scores or generates. */
  int tokens() {
    return work == Work.GENERATE ? batchSize * GenerateRound.NEW_TOKENS : TrainRound.TOKENS;
  }

  Round prepare(int threads) {
    return switch (work) {
      case TRAIN -> new TrainRound(shape, threads);
      case SCORE -> new ScoreRound(shape, DecoderHead.LANGUAGE_MODEL, threads);
      case REWARD -> new ScoreRound(shape, DecoderHead.SCALAR, threads);
      case GENERATE -> new GenerateRound(shape, batchSize, threads);
    };
  }

  /** What the script for PyTorch is told: work, shape and batch size. */
  List<String> arguments() {
    return Arrays.asList(
        work.name().toLowerCase(java.util.Locale.ROOT), shape.toString(), "" + batchSize);
  }
}
