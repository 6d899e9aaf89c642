package org.rlhf4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.OptimizerConfig.Schedule;
import org.rlhf4j.config.OptimizerConfig.Updater;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.ParameterLayout;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.objective.DpoLoss;
import org.rlhf4j.objective.IpoLoss;
import org.rlhf4j.objective.Objective;

/**
 * DPO and IPO against their exact optimum. Two prompts and all responses of two tokens of a
 * vocabulary of four: expectations are sums. Pairs are sampled from the reference policy and
 * labelled by Bradley-Terry of a random reward r.
 *
 * <p>The optimum of {@code E[f] - b KL} is {@code b log E_ref[exp(f / b)]}. For DPO f is r. For IPO
 * f(y) is the probability that y is preferred to a response of the reference policy (Azar et al.
 * 2023, arXiv:2310.12036, eq. 6 with the identity): it optimises that and not r.
 */
class TestPreferenceOptimum {
  private static final double SHARE_OF_THE_ATTAINABLE = 0.95;
  private static final int PROMPTS = 2;
  private static final int VOCABULARY = 4;
  private static final int LENGTH = 2;
  private static final int RESPONSES = 16;
  private static final int STEPS = 400;
  private static final int BATCH = 64;
  private static final float ENLARGEMENT = 5;
  private static final DecoderConfig SHAPE =
      new DecoderConfig("gpt2", 1, 2, 2, 32, 64, LENGTH + 1, VOCABULARY, true, 1e-5);
  private static final OptimizerConfig ADAM =
      new OptimizerConfig(1, 0, BATCH, 0.003, Schedule.COSINE, 10, Updater.ADAM, 1e-8, 0, 1.0);

  private final float[][][] referenceTokens = new float[PROMPTS][][];
  private final double[][] reference = new double[PROMPTS][];
  private final double[][] rewards = new double[PROMPTS][RESPONSES];

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void dpoReachesTheOptimumOfTheReward(long seed) {
    double beta = 0.7;
    DecoderModel start = problem(seed);
    DecoderModel policy = train(start, new DpoLoss(beta, 0), seed);
    assertThat(reached(policy, rewards, beta)).isGreaterThan(SHARE_OF_THE_ATTAINABLE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void ipoReachesTheOptimumOfThePreference(long seed) {
    double beta = 0.2;
    DecoderModel start = problem(seed);
    double[][] values = preferences();
    DecoderModel policy = train(start, new IpoLoss(beta, IpoLoss.Normalization.SUM), seed);
    assertThat(reached(policy, values, beta)).isGreaterThan(SHARE_OF_THE_ATTAINABLE);
  }

  /** Draws reference policy and reward. */
  private DecoderModel problem(long seed) {
    DecoderModel start = DecoderModel.random(SHAPE, DecoderHead.LANGUAGE_MODEL, seed);
    enlarge(start);
    Random random = new Random(seed);
    for (int prompt = 0; prompt < PROMPTS; prompt++) {
      referenceTokens[prompt] = logprobs(start, prompt);
      reference[prompt] = probabilities(referenceTokens[prompt]);
      for (int y = 0; y < RESPONSES; y++) {
        rewards[prompt][y] = random.nextGaussian();
      }
    }
    return start;
  }

  /** Makes the reference a policy of its own: as it is initialised, it is all but uniform. */
  private static void enlarge(DecoderModel model) {
    for (ParameterLayout.Entry entry : model.layout().entries()) {
      for (long i = 0; entry.shape().length == 2 && i < entry.size(); i++) {
        long index = entry.offset() + i;
        model.weights().set(index, model.weights().at(index) * ENLARGEMENT);
      }
    }
  }

  private static int[] response(int index) {
    return new int[] {index / VOCABULARY, index % VOCABULARY};
  }

  /** Log-probabilities of all responses, [RESPONSES][LENGTH]. */
  private static float[][] logprobs(DecoderModel model, int prompt) {
    List<TokenSequence> all = new ArrayList<>();
    for (int y = 0; y < RESPONSES; y++) {
      all.add(new TokenSequence(new int[] {prompt}, response(y)));
    }
    try (SequenceEvaluator evaluator = new SequenceEvaluator(model, 512, 1)) {
      return evaluator.responseLogprobs(all, 1.0).toArray(float[][]::new);
    }
  }

  private static double[] probabilities(float[][] logprobs) {
    return Arrays.stream(logprobs)
        .mapToDouble(tokens -> Math.exp((double) tokens[0] + tokens[1]))
        .toArray();
  }

  private static double preference(double reward, double other) {
    return 1 / (1 + Math.exp(other - reward));
  }

  /** Probability that a response is preferred to one of the reference policy. */
  private double[][] preferences() {
    double[][] values = new double[PROMPTS][RESPONSES];
    for (int prompt = 0; prompt < PROMPTS; prompt++) {
      for (int y = 0; y < RESPONSES; y++) {
        for (int other = 0; other < RESPONSES; other++) {
          values[prompt][y] +=
              reference[prompt][other] * preference(rewards[prompt][y], rewards[prompt][other]);
        }
      }
    }
    return values;
  }

  private DecoderModel train(DecoderModel start, Objective objective, long seed) {
    TrainingNetwork network =
        new TrainingNetwork(
            TrainingNetwork.configuration(
                SHAPE, DecoderHead.LANGUAGE_MODEL, objective, ADAM, STEPS, 1));
    network.parameters().copyFrom(start.weights(), 0);
    Random random = new Random(~seed);
    for (int step = 0; step < STEPS; step++) {
      List<TrainingExample> pairs = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        pairs.add(pair(step + "/" + i, random));
      }
      network.fit(Minibatch.pack(pairs).toDataSet());
    }
    return new DecoderModel(SHAPE, DecoderHead.LANGUAGE_MODEL, network.parameters());
  }

  private TrainingExample pair(String id, Random random) {
    int prompt = random.nextInt(PROMPTS);
    int first = draw(reference[prompt], random);
    int second = draw(reference[prompt], random);
    boolean firstWins =
        random.nextDouble() < preference(rewards[prompt][first], rewards[prompt][second]);
    return new TrainingExample(
        id,
        List.of(
            sequence(prompt, firstWins ? first : second),
            sequence(prompt, firstWins ? second : first)));
  }

  private static int draw(double[] probabilities, Random random) {
    double left = random.nextDouble();
    for (int y = 0; y < RESPONSES - 1; y++) {
      left -= probabilities[y];
      if (left < 0) {
        return y;
      }
    }
    return RESPONSES - 1;
  }

  private TrainingExample.Sequence sequence(int prompt, int y) {
    return new TrainingExample.Sequence(
        new TokenSequence(new int[] {prompt}, response(y)).tokens(),
        new int[] {1, 2},
        new float[][] {{1, 1}, referenceTokens[prompt][y]});
  }

  /** Share of what can be gained in {@code E[value] - beta KL} over the reference policy. */
  private double reached(DecoderModel policy, double[][] values, double beta) {
    double gained = 0;
    double attainable = 0;
    for (int prompt = 0; prompt < PROMPTS; prompt++) {
      double[] probabilities = probabilities(logprobs(policy, prompt));
      double objective = 0;
      double start = 0;
      double partition = 0;
      for (int y = 0; y < RESPONSES; y++) {
        double kl = Math.log(probabilities[y] / reference[prompt][y]);
        objective += probabilities[y] * (values[prompt][y] - beta * kl);
        start += reference[prompt][y] * values[prompt][y];
        partition += reference[prompt][y] * Math.exp(values[prompt][y] / beta);
      }
      gained += objective - start;
      attainable += beta * Math.log(partition) - start;
    }
    return gained / attainable;
  }
}
