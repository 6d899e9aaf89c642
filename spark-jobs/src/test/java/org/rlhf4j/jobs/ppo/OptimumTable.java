package org.rlhf4j.jobs.ppo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.Minibatch;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.generation.GeneratedResponse;
import org.rlhf4j.generation.GenerationRequest;
import org.rlhf4j.objective.Objective;

/** A softmax of its own for every prefix. */
final class OptimumTable implements OptimumPolicy {
  private final Objective objective;
  private final Map<String, Integer> rows = new HashMap<>();
  private final double[] logits;
  private final OptimumAdam adam;

  OptimumTable(
      EnumerableTask task, Objective objective, double learningRate, long steps, long seed) {
    this.objective = objective;
    for (TokenSequence sequence : task.sequences()) {
      for (int t = 0; t < sequence.response().length; t++) {
        rows.putIfAbsent(prefix(sequence, t), rows.size() * EnumerableTask.VOCABULARY);
      }
    }
    SplittableRandom random = new SplittableRandom(seed);
    logits = random.doubles((long) rows.size() * EnumerableTask.VOCABULARY, -1, 1).toArray();
    adam = new OptimumAdam(logits.length, learningRate, steps);
  }

  private static String prefix(TokenSequence sequence, int t) {
    StringBuilder prefix = new StringBuilder();
    for (int i = 0; i < sequence.prompt().length + t; i++) {
      prefix.append(sequence.tokens()[i]).append(' ');
    }
    return prefix.toString();
  }

  /** [V]. */
  private double[] distribution(int row) {
    double[] logprobs = new double[EnumerableTask.VOCABULARY];
    double mass = 0;
    for (int token = 0; token < logprobs.length; token++) {
      mass += Math.exp(logits[row + token]);
    }
    for (int token = 0; token < logprobs.length; token++) {
      logprobs[token] = logits[row + token] - Math.log(mass);
    }
    return logprobs;
  }

  @Override
  public List<GeneratedResponse> sample(List<GenerationRequest> requests) {
    List<GeneratedResponse> responses = new ArrayList<>();
    for (GenerationRequest request : requests) {
      SplittableRandom random = new SplittableRandom(request.seed());
      int[] response = new int[0];
      boolean isOpen = true;
      while (isOpen) {
        TokenSequence sequence = new TokenSequence(request.promptTokens(), response);
        int row = rows.get(prefix(sequence, response.length));
        int token = draw(distribution(row), random.nextDouble());
        response = Arrays.copyOf(response, response.length + 1);
        response[response.length - 1] = token;
        isOpen = token != EnumerableTask.END && response.length < EnumerableTask.LENGTH;
      }
      TokenSequence whole = new TokenSequence(request.promptTokens(), response);
      responses.add(
          new GeneratedResponse(
              request.index(), response, logprobs(List.of(whole)).get(0), FinishReason.STOP));
    }
    return responses;
  }

  private static int draw(double[] logprobs, double uniform) {
    double left = uniform;
    for (int token = 0; token < logprobs.length - 1; token++) {
      left -= Math.exp(logprobs[token]);
      if (left < 0) {
        return token;
      }
    }
    return logprobs.length - 1;
  }

  @Override
  public List<float[]> logprobs(List<TokenSequence> sequences) {
    List<float[]> all = new ArrayList<>();
    for (TokenSequence sequence : sequences) {
      float[] logprobs = new float[sequence.response().length];
      for (int t = 0; t < logprobs.length; t++) {
        logprobs[t] = (float) distribution(rows.get(prefix(sequence, t)))[sequence.response()[t]];
      }
      all.add(logprobs);
    }
    return all;
  }

  @Override
  public void fit(List<TrainingExample> examples) {
    double[] gradient = new double[logits.length];
    gradient(examples, objective, gradient);
    double[] change = adam.step(gradient);
    for (int i = 0; i < change.length; i++) {
      logits[i] -= change[i];
    }
  }

  @Override
  public double[] parameters() {
    return logits.clone();
  }

  @Override
  public void setParameters(double[] values) {
    System.arraycopy(values, 0, logits, 0, logits.length);
  }

  @Override
  public Objective objective() {
    return objective;
  }

  @Override
  public double[] gradient(List<TrainingExample> examples, Objective wanted, double[] gradient) {
    Arrays.fill(gradient, 0);
    Minibatch minibatch = Minibatch.pack(examples);
    int count = minibatch.targets().count();
    int[] rowOf = new int[count];
    float[] outputs = new float[count];
    float[] entropies = new float[count];
    for (int k = 0; k < count; k++) {
      int target = minibatch.batch().targets()[k];
      int start = minibatch.batch().offsets()[minibatch.targets().sequences()[k]];
      int[] tokens = Arrays.copyOfRange(minibatch.batch().tokens(), start, target + 1);
      TokenSequence sequence = new TokenSequence(tokens, new int[0]);
      rowOf[k] = rows.get(prefix(sequence, -1));
      double[] distribution = distribution(rowOf[k]);
      outputs[k] = (float) distribution[tokens[tokens.length - 1]];
      for (double logprob : distribution) {
        entropies[k] -= (float) (Math.exp(logprob) * logprob);
      }
    }
    float[] slopes = new float[count];
    double[] statistics = new double[wanted.statistics().length];
    wanted.evaluate(outputs, entropies, minibatch.targets(), slopes, statistics);
    for (int k = 0; k < count; k++) {
      double[] distribution = distribution(rowOf[k]);
      gradient[rowOf[k] + minibatch.batch().tokens()[minibatch.batch().targets()[k]]] += slopes[k];
      for (int token = 0; token < distribution.length; token++) {
        gradient[rowOf[k] + token] -= slopes[k] * Math.exp(distribution[token]);
      }
    }
    return statistics;
  }

  @Override
  public void close() {
    rows.clear();
  }
}
