package org.rlhf4j.objective;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.rlhf4j.metrics.Metric;

/**
 * A policy's loss plus {@code -coefficient} times the mean log-likelihood of pretraining tokens:
 * the third term of Ouyang et al. 2022 (arXiv:2203.02155), eq. 2, PPO-ptx, for any objective.
 *
 * <p>Pretraining tokens stand in the same minibatch and are told by their weight, the last channel,
 * which is 0 at the policy's own tokens. The policy's objective sees only the latter. Both terms
 * are divided by the policy's weight, so that minibatches and workers add up exactly; the weights
 * of pretraining tokens are scaled to the policy's over the iteration, which makes their sum the
 * mean.
 *
 * @param policy of the policy's own tokens
 * @param coefficient gamma; with 0 pretraining tokens have no say
 */
public record PretrainingMix(Objective policy, double coefficient) implements Objective {
  /** Weight of a pretraining token; 0 for tokens of the policy's. */
  public static final String WEIGHT_CHANNEL = "pretraining_weight";

  private static final String[] OWN = {"pretraining_weight", "pretraining_loss"};

  @Override
  public String[] channels() {
    return append(policy.channels(), WEIGHT_CHANNEL);
  }

  @Override
  public String[] statistics() {
    return append(policy.statistics(), OWN);
  }

  private static String[] append(String[] names, String... more) {
    String[] all = Arrays.copyOf(names, names.length + more.length);
    System.arraycopy(more, 0, all, names.length, more.length);
    return all;
  }

  @Override
  public boolean needsEntropies() {
    return policy.needsEntropies();
  }

  /** Another objective of the policy's tokens in the same minibatches, without this term. */
  public Objective without(Objective other) {
    return new PretrainingMix(other, 0);
  }

  @Override
  public double evaluate(
      float[] outputs, float[] entropies, Targets targets, float[] gradient, double[] statistics) {
    float[] weights = targets.channels()[targets.channels().length - 1];
    int[] places = IntStream.range(0, outputs.length).filter(k -> weights[k] == 0).toArray();
    int inner = statistics.length - OWN.length;
    double[] own = new double[inner];
    float[] slopes = new float[places.length];
    policy.evaluate(
        at(places, outputs),
        entropies.length == 0 ? entropies : at(places, entropies),
        at(places, targets),
        slopes,
        own);
    double[] pretraining = pretraining(outputs, weights, own[WEIGHT], gradient);
    for (int k = 0; k < places.length; k++) {
      gradient[places[k]] = slopes[k];
    }
    own[LOSS] += coefficient * pretraining[1];
    System.arraycopy(own, 0, statistics, 0, inner);
    System.arraycopy(pretraining, 0, statistics, inner, OWN.length);
    return Statistics.mean(own[LOSS], own[WEIGHT]);
  }

  /** Sets their gradients; sums of weights and of weighted negative log-likelihoods. */
  private double[] pretraining(float[] outputs, float[] weights, double whole, float[] gradient) {
    double[] sums = new double[OWN.length];
    for (int k = 0; k < outputs.length; k++) {
      sums[0] += weights[k];
      sums[1] -= (double) weights[k] * outputs[k];
      gradient[k] = (float) -Statistics.mean(coefficient * weights[k], whole);
    }
    return sums;
  }

  private static float[] at(int[] places, float[] values) {
    float[] chosen = new float[places.length];
    for (int k = 0; k < places.length; k++) {
      chosen[k] = values[places[k]];
    }
    return chosen;
  }

  /** Sequences without such a place are left out, and the others are counted anew. */
  private static Targets at(int[] places, Targets targets) {
    int[] kept = IntStream.of(places).map(k -> targets.sequences()[k]).distinct().toArray();
    int[] sequences = new int[places.length];
    for (int k = 0; k < places.length; k++) {
      sequences[k] = Arrays.binarySearch(kept, targets.sequences()[places[k]]);
    }
    int[] examples = IntStream.of(kept).map(sequence -> targets.examples()[sequence]).toArray();
    List<float[]> channels = List.of(targets.channels());
    return new Targets(
        sequences,
        examples,
        channels.subList(0, channels.size() - 1).stream()
            .map(channel -> at(places, channel))
            .toArray(float[][]::new));
  }

  @Override
  public void merge(double[] into, double[] other) {
    int inner = into.length - OWN.length;
    double[] own = Arrays.copyOf(into, inner);
    policy.merge(own, Arrays.copyOf(other, inner));
    System.arraycopy(own, 0, into, 0, inner);
    for (int i = inner; i < into.length; i++) {
      into[i] += other[i];
    }
  }

  @Override
  public Map<String, Double> metrics(double[] statistics) {
    int inner = statistics.length - OWN.length;
    Map<String, Double> metrics =
        new LinkedHashMap<>(policy.metrics(Arrays.copyOf(statistics, inner)));
    metrics.put(
        Metric.PRETRAINING_LOSS.key(), Statistics.mean(statistics[inner + 1], statistics[inner]));
    return metrics;
  }
}
