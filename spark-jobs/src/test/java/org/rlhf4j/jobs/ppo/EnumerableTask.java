package org.rlhf4j.jobs.ppo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.rlhf4j.decoder.TokenSequence;

/**
 * A language so small that everything about it can be summed up: two prompts, three words and an
 * end, responses of at most three tokens, a random score for each of the 40 responses to a prompt.
 *
 * <p>What a policy is worth at coefficient beta is E[score] - beta KL(pi, pi_ref), and the best
 * there is is beta log E_ref[exp(score / beta)], the value of pi_ref exp(score / beta); at 0 it is
 * the largest score. Rafailov et al. 2023 (arXiv:2305.18290), appendix A.1.
 */
final class EnumerableTask {
  static final int END = 0;
  static final int VOCABULARY = 4;
  static final int LENGTH = 3;
  static final int PROMPT_COUNT = 2;
  private static final int[][] PROMPTS = {{1, 2}, {3, 1}};

  private final List<TokenSequence> sequences = new ArrayList<>();
  private double[] scores;
  private final Map<String, Integer> places = new HashMap<>();

  EnumerableTask(long seed) {
    for (int[] prompt : PROMPTS) {
      addResponses(prompt, new int[0]);
    }
    Random random = new Random(seed);
    scores = sequences.stream().mapToDouble(sequence -> random.nextGaussian()).toArray();
    for (int i = 0; i < sequences.size(); i++) {
      places.put(key(sequences.get(i)), i);
    }
  }

  /** The same language with other scores, [responses]. */
  EnumerableTask withScores(double[] others) {
    EnumerableTask task = new EnumerableTask(0);
    task.scores = others.clone();
    return task;
  }

  /** Of all responses. */
  double[] scores() {
    return scores.clone();
  }

  private void addResponses(int[] prompt, int[] start) {
    for (int token = 0; token < VOCABULARY; token++) {
      int[] response = Arrays.copyOf(start, start.length + 1);
      response[start.length] = token;
      if (token == END || response.length == LENGTH) {
        sequences.add(new TokenSequence(prompt, response));
      } else {
        addResponses(prompt, response);
      }
    }
  }

  private static String key(TokenSequence sequence) {
    return Arrays.toString(sequence.tokens());
  }

  static int[] prompt(int index) {
    return PROMPTS[index % PROMPTS.length];
  }

  /** All responses to all prompts. */
  List<TokenSequence> sequences() {
    return sequences;
  }

  /** Its index among all. */
  int place(TokenSequence sequence) {
    return places.get(key(sequence));
  }

  /**
   * One of the responses to a prompt.
   *
   * @param probabilities of all responses
   * @param uniform between 0 and 1
   * @return its index among all
   */
  int draw(int[] prompt, double[] probabilities, double uniform) {
    int perPrompt = scores.length / PROMPTS.length;
    int from = Arrays.equals(prompt, PROMPTS[0]) ? 0 : perPrompt;
    double left = uniform;
    int place = from;
    while (place < from + perPrompt - 1) {
      left -= probabilities[place];
      if (left < 0) {
        break;
      }
      place++;
    }
    return place;
  }

  double score(int place) {
    return scores[place];
  }

  /**
   * What a policy is worth, mean over prompts.
   *
   * @param logprobs of all responses, nats
   * @param refLogprobs the same of the reference
   */
  double value(double[] logprobs, double[] refLogprobs, double beta) {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      sum += Math.exp(logprobs[i]) * (scores[i] - beta * (logprobs[i] - refLogprobs[i]));
    }
    return sum / PROMPTS.length;
  }

  /** KL(pi, pi_ref), nats per response, mean over prompts. */
  double kl(double[] logprobs, double[] refLogprobs) {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      sum += Math.exp(logprobs[i]) * (logprobs[i] - refLogprobs[i]);
    }
    return sum / PROMPTS.length;
  }

  /** The best value there is. */
  double optimum(double[] refLogprobs, double beta) {
    int perPrompt = scores.length / PROMPTS.length;
    double sum = 0;
    for (int from = 0; from < scores.length; from += perPrompt) {
      double best = Double.NEGATIVE_INFINITY;
      double mass = 0;
      for (int i = from; i < from + perPrompt; i++) {
        best = Math.max(best, scores[i]);
        mass += Math.exp(refLogprobs[i] + (beta > 0 ? scores[i] / beta : 0));
      }
      sum += beta > 0 ? beta * Math.log(mass) : best;
    }
    return sum / PROMPTS.length;
  }
}
