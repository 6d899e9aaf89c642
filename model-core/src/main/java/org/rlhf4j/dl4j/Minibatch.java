package org.rlhf4j.dl4j;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.rlhf4j.decoder.TokenBatch;
import org.rlhf4j.objective.Targets;

/**
 * Examples packed for one optimiser step, and their form as a Deeplearning4j {@link DataSet}.
 *
 * <p>Features are int32, [1, 4 + N + (B + 1) + K + B]: the counts N, B, K and C, tokens, offsets,
 * targets, and the example of each sequence. Labels are the channels, float32, [1, C * K].
 *
 * @param batch sequences and targets
 * @param targets where each target stands and its label channels
 */
public record Minibatch(TokenBatch batch, Targets targets) {
  private static final int HEADER = 4;

  /**
   * Packs examples in their order.
   *
   * @param examples at least one, each with at least one target, all with equally many channels
   */
  public static Minibatch pack(List<TrainingExample> examples) {
    return new Packing(examples).pack();
  }

  /** Unpacks what {@link #toDataSet()} made. */
  public static Minibatch of(INDArray features, INDArray labels) {
    return unpack(features, labels.data().asFloat());
  }

  /** The same without channels. */
  static Minibatch withoutLabels(INDArray features) {
    return unpack(features, new float[0]);
  }

  private static Minibatch unpack(INDArray features, float[] flat) {
    Reader reader = new Reader(features.data().asInt());
    int tokens = reader.next();
    int sequences = reader.next();
    int targets = reader.next();
    int channels = Math.min(reader.next(), flat.length);
    TokenBatch batch =
        new TokenBatch(reader.next(tokens), reader.next(sequences + 1), reader.next(targets));
    int[] examples = reader.next(sequences);
    float[][] values = new float[channels][targets];
    for (int c = 0; c < channels; c++) {
      System.arraycopy(flat, c * targets, values[c], 0, targets);
    }
    return new Minibatch(batch, new Targets(sequencesOf(batch), examples, values));
  }

  public DataSet toDataSet() {
    int count = targets.count();
    int channels = targets.channels().length;
    int tokens = batch.tokens().length;
    int[] features = new int[HEADER + tokens + batch.offsets().length + count + batch.size()];
    int[][] parts = {
      {tokens, batch.size(), count, channels},
      batch.tokens(),
      batch.offsets(),
      batch.targets(),
      targets.examples()
    };
    int position = 0;
    for (int[] part : parts) {
      System.arraycopy(part, 0, features, position, part.length);
      position += part.length;
    }
    float[] labels = new float[channels * count];
    for (int c = 0; c < channels; c++) {
      System.arraycopy(targets.channels()[c], 0, labels, c * count, count);
    }
    return new DataSet(
        Nd4j.createFromArray(new int[][] {features}), Nd4j.createFromArray(new float[][] {labels}));
  }

  /** Sequence of each target, [K]. */
  private static int[] sequencesOf(TokenBatch batch) {
    int[] sequences = new int[batch.targets().length];
    int sequence = 0;
    for (int k = 0; k < sequences.length; k++) {
      while (batch.targets()[k] >= batch.offsets()[sequence + 1]) {
        sequence++;
      }
      sequences[k] = sequence;
    }
    return sequences;
  }

  /** Reads consecutive parts of an array. */
  private static final class Reader {
    private final int[] values;
    private int position;

    Reader(int[] values) {
      this.values = values;
    }

    int next() {
      return values[position++];
    }

    int[] next(int count) {
      int[] part = new int[count];
      System.arraycopy(values, position, part, 0, count);
      position += count;
      return part;
    }
  }

  /** Concatenates sequences, shifting their targets. */
  private static final class Packing {
    private final List<TrainingExample> examples;
    private final int[] tokens;
    private final int[] offsets;
    private final int[] targets;
    private final int[] exampleOf;
    private final float[][] channels;
    private int sequence;
    private int target;

    Packing(List<TrainingExample> examples) {
      this.examples = examples;
      int tokenCount = 0;
      int sequenceCount = 0;
      int targetCount = 0;
      for (TrainingExample example : examples) {
        for (TrainingExample.Sequence part : example.sequences()) {
          tokenCount += part.tokens().length;
          targetCount += part.targets().length;
          sequenceCount++;
        }
      }
      tokens = new int[tokenCount];
      offsets = new int[sequenceCount + 1];
      targets = new int[targetCount];
      exampleOf = new int[sequenceCount];
      channels = new float[examples.get(0).sequences().get(0).channels().length][targetCount];
    }

    Minibatch pack() {
      for (int i = 0; i < examples.size(); i++) {
        for (TrainingExample.Sequence part : examples.get(i).sequences()) {
          exampleOf[sequence] = i;
          append(part);
        }
      }
      TokenBatch batch = new TokenBatch(tokens, offsets, targets);
      return new Minibatch(batch, new Targets(sequencesOf(batch), exampleOf, channels));
    }

    private void append(TrainingExample.Sequence part) {
      int start = offsets[sequence];
      System.arraycopy(part.tokens(), 0, tokens, start, part.tokens().length);
      offsets[++sequence] = start + part.tokens().length;
      for (int k = 0; k < part.targets().length; k++) {
        targets[target + k] = start + part.targets()[k];
      }
      for (int c = 0; c < channels.length; c++) {
        System.arraycopy(part.channels()[c], 0, channels[c], target, part.targets().length);
      }
      target += part.targets().length;
    }
  }
}
