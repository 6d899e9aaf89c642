package org.rlhf4j.jobs.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.nd4j.linalg.dataset.DataSet;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.dl4j.Minibatch;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.dl4j.TrainingNetwork;
import org.rlhf4j.objective.LanguageModeling;

/** A training step with Adam on 8 sequences of 128 tokens, as {@code sft} does it. */
final class TrainRound implements Round {
  static final int SEQUENCES = 8;
  static final int LENGTH = 128;
  static final int TOKENS = SEQUENCES * LENGTH;
  private static final int PASSES = 3; // forward, and twice as much backward
  private static final OptimizerConfig OPTIMIZER =
      new OptimizerConfig(
          1,
          0,
          SEQUENCES,
          1e-4,
          OptimizerConfig.Schedule.CONSTANT,
          0,
          OptimizerConfig.Updater.ADAM,
          1e-8,
          0,
          0);

  private final ModelShape shape;
  private final TrainingNetwork network;
  private final DataSet minibatch;

  TrainRound(ModelShape shape, int threads) {
    this.shape = shape;
    this.network =
        new TrainingNetwork(
            TrainingNetwork.configuration(
                shape.config(),
                DecoderHead.LANGUAGE_MODEL,
                new LanguageModeling(),
                OPTIMIZER,
                Integer.MAX_VALUE,
                1.0));
    network.parameters().copyFrom(shape.model(DecoderHead.LANGUAGE_MODEL).weights(), 0);
    network.useThreads(threads);
    this.minibatch = Minibatch.pack(examples(shape.config().vocabularySize())).toDataSet();
  }

  private static List<TrainingExample> examples(int vocabularySize) {
    Random random = new Random(1);
    int[] targets = IntStream.range(1, LENGTH).toArray();
    float[] ones = new float[targets.length];
    Arrays.fill(ones, 1f);
    List<TrainingExample> examples = new ArrayList<>();
    for (int i = 0; i < SEQUENCES; i++) {
      int[] tokens = random.ints(LENGTH, 0, vocabularySize).toArray();
      TrainingExample.Sequence sequence =
          new TrainingExample.Sequence(tokens, targets, new float[][] {ones});
      examples.add(new TrainingExample("" + i, List.of(sequence)));
    }
    return examples;
  }

  @Override
  public void run() {
    network.fit(minibatch);
  }

  @Override
  public double operations() {
    double targets = SEQUENCES * (LENGTH - 1.0);
    int width = shape.config().vocabularySize();
    return PASSES * shape.forwardOperations(TOKENS, targets, width, LENGTH / 2.0);
  }

  @Override
  public void close() {
    // The network's memory goes with it.
  }
}
