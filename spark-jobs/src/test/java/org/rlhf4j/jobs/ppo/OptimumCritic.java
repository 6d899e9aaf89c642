package org.rlhf4j.jobs.ppo;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.Minibatch;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.objective.Objective;

/** A critic of an {@link EnumerableTask} that learns. */
interface OptimumCritic extends AutoCloseable {
  /** Before each response token, [T] each. */
  List<float[]> values(List<TokenSequence> sequences);

  /** At each response token, [T] each. */
  List<float[]> actionValues(List<TokenSequence> sequences);

  /** One optimiser step. */
  void fit(List<TrainingExample> minibatch);

  @Override
  void close();

  /** A number of its own for every prefix, responses as a whole included. */
  final class Tabular implements OptimumCritic {
    private final Objective objective;
    private final Map<String, Integer> rows = new HashMap<>();
    private final double[] values;
    private final OptimumAdam adam;

    Tabular(EnumerableTask task, Objective objective, double learningRate, long steps) {
      this.objective = objective;
      for (TokenSequence sequence : task.sequences()) {
        for (int end = 1; end <= sequence.tokens().length; end++) {
          rows.putIfAbsent(key(sequence.tokens(), 0, end), rows.size());
        }
      }
      values = new double[rows.size()];
      adam = new OptimumAdam(values.length, learningRate, steps);
    }

    private static String key(int[] tokens, int from, int to) {
      return Arrays.toString(Arrays.copyOfRange(tokens, from, to));
    }

    @Override
    public List<float[]> values(List<TokenSequence> sequences) {
      return sequences.stream().map(sequence -> read(sequence, 0)).toList();
    }

    @Override
    public List<float[]> actionValues(List<TokenSequence> sequences) {
      return sequences.stream().map(sequence -> read(sequence, 1)).toList();
    }

    private float[] read(TokenSequence sequence, int ahead) {
      float[] read = new float[sequence.response().length];
      for (int t = 0; t < read.length; t++) {
        int end = sequence.prompt().length + t + ahead;
        read[t] = (float) values[rows.get(key(sequence.tokens(), 0, end))];
      }
      return read;
    }

    @Override
    public void fit(List<TrainingExample> examples) {
      Minibatch minibatch = Minibatch.pack(examples);
      int count = minibatch.targets().count();
      int[] rowOf = new int[count];
      float[] outputs = new float[count];
      for (int k = 0; k < count; k++) {
        int start = minibatch.batch().offsets()[minibatch.targets().sequences()[k]];
        int end = minibatch.batch().targets()[k] + 1;
        rowOf[k] = rows.get(key(minibatch.batch().tokens(), start, end));
        outputs[k] = (float) values[rowOf[k]];
      }
      float[] slopes = new float[count];
      double[] statistics = new double[objective.statistics().length];
      objective.evaluate(outputs, new float[0], minibatch.targets(), slopes, statistics);
      double[] gradient = new double[values.length];
      for (int k = 0; k < count; k++) {
        gradient[rowOf[k]] += slopes[k];
      }
      double[] change = adam.step(gradient);
      for (int i = 0; i < change.length; i++) {
        values[i] -= change[i];
      }
    }

    @Override
    public void close() {
      rows.clear();
    }
  }
}
