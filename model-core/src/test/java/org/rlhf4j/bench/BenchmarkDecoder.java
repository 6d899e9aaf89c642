package org.rlhf4j.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.decoder.Decoder;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.TokenBatch;
import org.rlhf4j.generation.GenerationRequest;
import org.rlhf4j.generation.Generator;
import org.rlhf4j.tensor.Floats;

/**
 * Times training steps, scoring and generation; run by {@code scripts/bench}. Arguments: shape
 * (small or gpt2), work (train, score, generate), rounds, threads, batch (generation). Prints one
 * line of seconds per round.
 */
public final class BenchmarkDecoder {
  private static final int SEQUENCES = 8;
  private static final int LENGTH = 128;
  private static final int PROMPT = 32;
  private static final int NEW_TOKENS = 64;

  private BenchmarkDecoder() {}

  public static void main(String[] arguments) {
    DecoderConfig config = config(arguments[0]);
    int rounds = Integer.parseInt(arguments[2]);
    int threads = Integer.parseInt(arguments[3]);
    DecoderModel model = DecoderModel.random(config, DecoderHead.LANGUAGE_MODEL, 1);
    for (String work : arguments[1].split(",")) {
      double[] seconds =
          switch (work) {
            case "train" -> train(model, rounds, threads);
            case "score" -> score(model, rounds, threads);
            case "generate" -> generate(model, rounds, threads, 64);
            case "generate1" -> generate(model, rounds, threads, 1);
            default -> throw new IllegalArgumentException("Unknown work: " + work);
          };
      print(arguments[0], work, seconds);
    }
  }

  private static void print(String shape, String work, double[] seconds) {
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%s %s best %.4f median %.4f s%n",
        shape,
        work,
        sorted[0],
        sorted[sorted.length / 2]);
  }

  private static DecoderConfig config(String shape) {
    return switch (shape) {
      case "small" -> new DecoderConfig("gpt2", 4, 4, 4, 256, 1024, 256, 4096, true, 1e-5);
      case "gpt2" -> new DecoderConfig("gpt2", 12, 12, 12, 768, 3072, 1024, 50257, true, 1e-5);
      default -> throw new IllegalArgumentException("Unknown shape: " + shape);
    };
  }

  private static TokenBatch batch(int vocabularySize) {
    int[] tokens = new java.util.Random(1).ints(SEQUENCES * LENGTH, 0, vocabularySize).toArray();
    int[] offsets = new int[SEQUENCES + 1];
    Arrays.setAll(offsets, i -> i * LENGTH);
    int[] targets =
        java.util.stream.IntStream.range(0, tokens.length).filter(i -> i % LENGTH > 0).toArray();
    return new TokenBatch(tokens, offsets, targets);
  }

  private static double[] train(DecoderModel model, int rounds, int threads) {
    TokenBatch batch = batch(model.config().vocabularySize());
    float[] outputs = new float[batch.targets().length];
    float[] gradient = new float[outputs.length];
    Arrays.fill(gradient, -1f / outputs.length);
    Floats gradients = Floats.allocate(model.weights().length());
    try (Decoder decoder = new Decoder(model.config(), model.head(), threads)) {
      return time(
          rounds,
          () -> {
            decoder.forward(model.weights(), batch, 1.0, outputs, new float[0]);
            decoder.backward(model.weights(), gradient, gradients);
          });
    }
  }

  private static double[] score(DecoderModel model, int rounds, int threads) {
    TokenBatch batch = batch(model.config().vocabularySize());
    float[] outputs = new float[batch.targets().length];
    try (Decoder decoder = new Decoder(model.config(), model.head(), threads)) {
      return time(rounds, () -> decoder.evaluate(model.weights(), batch, 1.0, outputs));
    }
  }

  private static double[] generate(DecoderModel model, int rounds, int threads, int batchSize) {
    GenerationConfig config =
        new GenerationConfig(NEW_TOKENS, 0, 1.0, 0, 1.0, false, 1, batchSize, List.of());
    List<GenerationRequest> requests = new ArrayList<>();
    java.util.Random random = new java.util.Random(2);
    for (int i = 0; i < batchSize; i++) {
      int[] prompt = random.ints(PROMPT, 0, model.config().vocabularySize()).toArray();
      requests.add(new GenerationRequest(i, prompt, i));
    }
    try (Generator generator =
        new Generator(model, config, new int[0], Arrays::toString, threads)) {
      return time(rounds, () -> generator.generate(requests.iterator(), response -> {}));
    }
  }

  private static double[] time(int rounds, Runnable work) {
    boolean cpu = Boolean.getBoolean("bench.cpu"); // time of the calling thread: for busy machines
    double[] seconds = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      long start = now(cpu);
      work.run();
      seconds[i] = (now(cpu) - start) * 1e-9;
    }
    return seconds;
  }

  private static long now(boolean cpu) {
    return cpu ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() : System.nanoTime();
  }
}
