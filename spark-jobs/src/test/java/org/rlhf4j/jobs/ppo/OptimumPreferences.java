package org.rlhf4j.jobs.ppo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.rlhf.AdvantageEstimator;

/**
 * Preference optimisation over an {@link EnumerableTask}: pairs of responses drawn anew for every
 * step, the better one by the scores and Bradley-Terry.
 */
final class OptimumPreferences {
  private final EnumerableTask task;
  private final OptimumPolicy policy;
  private final List<float[]> refLogprobs;
  private final double[] reference;
  private final Pairs pairs;
  private final SplittableRandom random;

  /** Where pairs come from. DPO's optimum is the same for any, IPO's is not. */
  enum Pairs {
    OF_THE_REFERENCE,
    UNIFORM
  }

  OptimumPreferences(EnumerableTask task, OptimumPolicy policy, Pairs pairs, long seed) {
    this.task = task;
    this.policy = policy;
    this.pairs = pairs;
    this.refLogprobs = policy.logprobs(task.sequences());
    this.reference = sums(refLogprobs);
    this.random = new SplittableRandom(seed);
  }

  void train(int steps, int pairsPerStep) {
    for (int step = 0; step < steps; step++) {
      List<TrainingExample> minibatch = new ArrayList<>();
      for (int pair = 0; pair < pairsPerStep; pair++) {
        minibatch.add(pair(pair));
      }
      policy.fit(minibatch);
    }
  }

  /**
   * Share of the attainable gain over the reference.
   *
   * @param scores of all responses, whose mean minus beta KL is what the method maximises
   */
  double attained(double[] scores, double beta) {
    EnumerableTask judged = task.withScores(scores);
    double start = judged.value(reference, reference, beta);
    double value = judged.value(sums(policy.logprobs(task.sequences())), reference, beta);
    return (value - start) / (judged.optimum(reference, beta) - start);
  }

  /** Each response's probability of being preferred to one of the reference policy. */
  double[] winRates() {
    int perPrompt = reference.length / EnumerableTask.PROMPT_COUNT;
    double[] rates = new double[reference.length];
    for (int i = 0; i < rates.length; i++) {
      int from = i / perPrompt * perPrompt;
      for (int j = from; j < from + perPrompt; j++) {
        rates[i] += Math.exp(reference[j]) * isBetter(i, j);
      }
    }
    return rates;
  }

  private TrainingExample pair(int index) {
    int perPrompt = reference.length / EnumerableTask.PROMPT_COUNT;
    int from = index % EnumerableTask.PROMPT_COUNT * perPrompt;
    int first = draw(from, perPrompt);
    int second = draw(from, perPrompt);
    boolean swapped = random.nextDouble() >= isBetter(first, second);
    return new TrainingExample(
        String.valueOf(index),
        List.of(sequence(swapped ? second : first), sequence(swapped ? first : second)));
  }

  private double isBetter(int first, int second) {
    return 1 / (1 + Math.exp(task.score(second) - task.score(first)));
  }

  private int draw(int from, int count) {
    if (pairs == Pairs.UNIFORM) {
      return from + random.nextInt(count);
    }
    double left = random.nextDouble();
    int place = from;
    while (place < from + count - 1) {
      left -= Math.exp(reference[place]);
      if (left < 0) {
        break;
      }
      place++;
    }
    return place;
  }

  private TrainingExample.Sequence sequence(int place) {
    TokenSequence sequence = task.sequences().get(place);
    int[] targets = new int[sequence.response().length];
    Arrays.setAll(targets, t -> sequence.prompt().length + t);
    float[] weights = new float[targets.length];
    Arrays.fill(weights, 1);
    return new TrainingExample.Sequence(
        sequence.tokens(), targets, new float[][] {weights, refLogprobs.get(place)});
  }

  private static double[] sums(List<float[]> logprobs) {
    return logprobs.stream().mapToDouble(AdvantageEstimator::total).toArray();
  }
}
