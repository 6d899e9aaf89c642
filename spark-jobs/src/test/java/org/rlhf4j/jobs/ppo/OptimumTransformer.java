package org.rlhf4j.jobs.ppo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.decoder.Decoder;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.ParameterLayout;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.Minibatch;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.generation.GeneratedResponse;
import org.rlhf4j.generation.GenerationRequest;
import org.rlhf4j.objective.Objective;
import org.rlhf4j.tensor.Floats;

/**
 * One block of a GPT-2 by the code that serves models of any size. Samples repeat the few sequences
 * there are, so each is computed once and counts as often as it was sampled.
 */
final class OptimumTransformer implements OptimumPolicy, OptimumCritic {
  private static final int WIDTH = 32;
  private static final DecoderConfig SHAPE =
      new DecoderConfig(
          "gpt2", 1, 2, 2, WIDTH, 2 * WIDTH, 8, EnumerableTask.VOCABULARY, true, 1e-5);
  private static final String EMBEDDING = "transformer.wte.weight";

  /**
   * GPT-2's deviation of 0.02 is for wide models: here it would leave a model that hardly sees
   * anything but the last token.
   */
  private static final float MATRIX_SCALE = 10;

  /** So that the start is far from uniform. */
  private static final float EMBEDDING_SCALE = 4;

  private final EnumerableTask task;
  private final DecoderModel model;
  private final Objective objective;
  private final OptimumAdam adam;
  private final Decoder decoder;
  private final SequenceEvaluator evaluator;
  private final Floats gradients;

  OptimumTransformer(
      EnumerableTask task,
      DecoderHead head,
      Objective objective,
      double learningRate,
      long steps,
      long seed) {
    this.task = task;
    this.objective = objective;
    model = DecoderModel.random(SHAPE, head, seed);
    for (ParameterLayout.Entry entry : model.layout().entries()) {
      if (entry.name().equals(EMBEDDING)) {
        scale(entry, EMBEDDING_SCALE);
      } else if (entry.shape().length == 2 && entry.name().startsWith("transformer.")) {
        scale(entry, MATRIX_SCALE);
      }
    }
    decoder = new Decoder(SHAPE, head, 1);
    evaluator = new SequenceEvaluator(model, 4096, 1);
    gradients = Floats.allocate(model.weights().length());
    adam = new OptimumAdam((int) gradients.length(), learningRate, steps);
  }

  private void scale(ParameterLayout.Entry entry, float factor) {
    for (long i = entry.offset(); i < entry.offset() + entry.size(); i++) {
      model.weights().set(i, factor * model.weights().at(i));
    }
  }

  @Override
  public List<GeneratedResponse> sample(List<GenerationRequest> requests) {
    List<TokenSequence> sequences = task.sequences();
    List<float[]> logprobs = logprobs(sequences);
    double[] probabilities = new double[sequences.size()];
    for (int i = 0; i < probabilities.length; i++) {
      double sum = 0;
      for (float logprob : logprobs.get(i)) {
        sum += logprob;
      }
      probabilities[i] = Math.exp(sum);
    }
    return requests.stream()
        .map(
            request -> {
              int place = task.draw(request.promptTokens(), probabilities, uniform(request));
              return new GeneratedResponse(
                  request.index(),
                  sequences.get(place).response(),
                  logprobs.get(place),
                  FinishReason.STOP);
            })
        .toList();
  }

  private static double uniform(GenerationRequest request) {
    return new SplittableRandom(request.seed()).nextDouble();
  }

  @Override
  public List<float[]> logprobs(List<TokenSequence> sequences) {
    return once(sequences, distinct -> evaluator.responseLogprobs(distinct, 1.0));
  }

  @Override
  public List<float[]> values(List<TokenSequence> sequences) {
    return once(sequences, evaluator::values);
  }

  @Override
  public List<float[]> actionValues(List<TokenSequence> sequences) {
    return once(sequences, evaluator::actionValues);
  }

  private List<float[]> once(
      List<TokenSequence> sequences, Function<List<TokenSequence>, List<float[]>> evaluation) {
    List<float[]> ofAll = evaluation.apply(task.sequences());
    return sequences.stream().map(sequence -> ofAll.get(task.place(sequence))).toList();
  }

  @Override
  public Objective objective() {
    return objective;
  }

  @Override
  public void fit(List<TrainingExample> examples) {
    double[] values = parameters();
    double[] gradient = new double[values.length];
    gradient(examples, objective, gradient);
    double[] change = adam.step(gradient);
    for (int i = 0; i < change.length; i++) {
      values[i] -= change[i];
    }
    setParameters(values);
  }

  @Override
  public double[] parameters() {
    return values(model.weights());
  }

  @Override
  public void setParameters(double[] values) {
    for (int i = 0; i < values.length; i++) {
      model.weights().set(i, (float) values[i]);
    }
  }

  @Override
  public double[] gradient(List<TrainingExample> examples, Objective wanted, double[] gradient) {
    Distinct distinct = Distinct.of(examples);
    int count = distinct.minibatch.targets().count();
    float[] outputs = new float[count];
    float[] entropies = new float[wanted.needsEntropies() ? count : 0];
    decoder.forward(model.weights(), distinct.minibatch.batch(), 1.0, outputs, entropies);
    Minibatch all = Minibatch.pack(examples);
    float[] slopes = new float[distinct.places.length];
    double[] statistics = new double[wanted.statistics().length];
    wanted.evaluate(
        distinct.spread(outputs), distinct.spread(entropies), all.targets(), slopes, statistics);
    decoder.backward(model.weights(), distinct.gather(slopes, count), gradients);
    System.arraycopy(values(gradients), 0, gradient, 0, gradient.length);
    return statistics;
  }

  private static double[] values(Floats floats) {
    double[] values = new double[(int) floats.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats.at(i);
    }
    return values;
  }

  @Override
  public void close() {
    decoder.close();
    evaluator.close();
  }

  /**
   * Every sequence of some examples once.
   *
   * @param places of each target of all examples among the targets of the minibatch, [K]
   */
  private record Distinct(Minibatch minibatch, int[] places) {
    static Distinct of(List<TrainingExample> examples) {
      List<TrainingExample> distinct = new ArrayList<>();
      Map<String, Integer> firstTargets = new HashMap<>();
      List<Integer> places = new ArrayList<>();
      int count = 0;
      for (TrainingExample example : examples) {
        for (TrainingExample.Sequence sequence : example.sequences()) {
          String key = Arrays.toString(sequence.tokens());
          if (!firstTargets.containsKey(key)) {
            firstTargets.put(key, count);
            count += sequence.targets().length;
            distinct.add(new TrainingExample(key, List.of(sequence)));
          }
          for (int k = 0; k < sequence.targets().length; k++) {
            places.add(firstTargets.get(key) + k);
          }
        }
      }
      return new Distinct(
          Minibatch.pack(distinct), places.stream().mapToInt(Integer::intValue).toArray());
    }

    float[] spread(float[] values) {
      float[] spread = new float[values.length == 0 ? 0 : places.length];
      for (int k = 0; k < spread.length; k++) {
        spread[k] = values[places[k]];
      }
      return spread;
    }

    float[] gather(float[] values, int count) {
      double[] sums = new double[count];
      for (int k = 0; k < values.length; k++) {
        sums[places[k]] += values[k];
      }
      float[] gathered = new float[count];
      for (int k = 0; k < count; k++) {
        gathered[k] = (float) sums[k];
      }
      return gathered;
    }
  }
}
