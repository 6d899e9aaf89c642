package org.rlhf4j.jobs.ppo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.decoder.Decoder;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.PackedModel;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.Minibatch;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.generation.GeneratedResponse;
import org.rlhf4j.generation.GenerationRequest;
import org.rlhf4j.generation.Generator;
import org.rlhf4j.objective.Objective;
import org.rlhf4j.tensor.Floats;

/** A policy of an {@link EnumerableTask} that samples and learns. */
interface OptimumPolicy extends AutoCloseable {
  /** Responses in the order of the requests. */
  List<GeneratedResponse> sample(List<GenerationRequest> requests);

  /** Of each response token, nats. */
  List<float[]> logprobs(List<TokenSequence> sequences);

  /** One optimiser step. */
  void fit(List<TrainingExample> minibatch);

  @Override
  void close();

  /** One block of a GPT-2 by the code that serves models of any size. */
  final class Transformer implements OptimumPolicy, OptimumCritic {
    private static final DecoderConfig SHAPE =
        new DecoderConfig("gpt2", 1, 2, 2, 16, 32, 8, EnumerableTask.VOCABULARY, true, 1e-5);
    private static final float SPREAD = 5f; // so that the start is far from uniform
    private static final GenerationConfig GENERATION =
        new GenerationConfig(EnumerableTask.LENGTH, 0, 1, 0, 1, false, 1, 256, List.of());
    private final DecoderModel model;
    private final Objective objective;
    private final OptimumAdam adam;
    private final Decoder decoder;
    private final Floats gradients;

    Transformer(DecoderHead head, Objective objective, double learningRate, long steps, long seed) {
      this.objective = objective;
      model = DecoderModel.random(SHAPE, head, seed);
      decoder = new Decoder(SHAPE, head, 1);
      gradients = Floats.allocate(model.weights().length());
      adam = new OptimumAdam((int) gradients.length(), learningRate, steps);
      if (head == DecoderHead.LANGUAGE_MODEL) {
        long embedding = model.layout().entry("transformer.wte.weight").size();
        for (long i = 0; i < embedding; i++) {
          model.weights().set(i, SPREAD * model.weights().at(i));
        }
      }
    }

    @Override
    public List<GeneratedResponse> sample(List<GenerationRequest> requests) {
      GeneratedResponse[] responses = new GeneratedResponse[requests.size()];
      int[] end = {EnumerableTask.END};
      try (Generator generator =
          new Generator(new PackedModel(model), GENERATION, end, tokens -> "", 1)) {
        generator.generate(requests.iterator(), response -> responses[response.index()] = response);
      }
      return List.of(responses);
    }

    @Override
    public List<float[]> logprobs(List<TokenSequence> sequences) {
      try (SequenceEvaluator evaluator = evaluator()) {
        return evaluator.responseLogprobs(sequences, 1.0);
      }
    }

    @Override
    public List<float[]> values(List<TokenSequence> sequences) {
      try (SequenceEvaluator evaluator = evaluator()) {
        return evaluator.values(sequences);
      }
    }

    @Override
    public List<float[]> actionValues(List<TokenSequence> sequences) {
      try (SequenceEvaluator evaluator = evaluator()) {
        return evaluator.actionValues(sequences);
      }
    }

    private SequenceEvaluator evaluator() {
      return new SequenceEvaluator(model, 4096, 1);
    }

    @Override
    public void fit(List<TrainingExample> examples) {
      Minibatch minibatch = Minibatch.pack(examples);
      float[] outputs = new float[minibatch.targets().count()];
      float[] entropies = new float[objective.needsEntropies() ? outputs.length : 0];
      float[] slopes = new float[outputs.length];
      decoder.forward(model.weights(), minibatch.batch(), 1.0, outputs, entropies);
      objective.evaluate(
          outputs,
          entropies,
          minibatch.targets(),
          slopes,
          new double[objective.statistics().length]);
      decoder.backward(model.weights(), slopes, gradients);
      double[] gradient = new double[(int) gradients.length()];
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = gradients.at(i);
      }
      double[] change = adam.step(gradient);
      for (int i = 0; i < change.length; i++) {
        model.weights().set(i, (float) (model.weights().at(i) - change[i]));
      }
    }

    @Override
    public void close() {
      decoder.close();
    }
  }

  /** A softmax of its own for every prefix. */
  final class Tabular implements OptimumPolicy {
    private final Objective objective;
    private final Map<String, Integer> rows = new HashMap<>();
    private final double[] logits;
    private final OptimumAdam adam;

    Tabular(EnumerableTask task, Objective objective, double learningRate, long steps, long seed) {
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

    /** Shared. */
    double[] parameters() {
      return logits;
    }

    Objective objective() {
      return objective;
    }

    /**
     * Statistics of an objective that reads the examples' first channels.
     *
     * @param gradient to which that of the loss is added, [N]
     */
    double[] gradient(List<TrainingExample> examples, Objective wanted, double[] gradient) {
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
        gradient[rowOf[k] + minibatch.batch().tokens()[minibatch.batch().targets()[k]]] +=
            slopes[k];
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
}
