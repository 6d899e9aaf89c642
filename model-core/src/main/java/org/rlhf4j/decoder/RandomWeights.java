package org.rlhf4j.decoder;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.rlhf4j.tensor.Floats;

/**
 * Initial weights as GPT-2 and the Llama families draw them: normal(0, 0.02), the two projections
 * into the residual stream of each block divided by sqrt(2 layers) (Radford et al. 2019, section
 * 2.3), norms one, biases zero.
 *
 * <p>Element i of a tensor is a function of (seed, name, i) only.
 */
final class RandomWeights {
  private static final double STANDARD_DEVIATION = 0.02;
  private static final int CHUNK = 8192;

  private final int layers;
  private final long seed;

  RandomWeights(int layers, long seed) {
    this.layers = layers;
    this.seed = seed;
  }

  void fill(ParameterLayout.Entry entry, Floats weights) {
    if (entry.name().endsWith(".bias")) {
      fillConstant(entry, weights, 0f);
      return;
    }
    if (entry.shape().length == 1) {
      fillConstant(entry, weights, 1f);
      return;
    }
    fillNormal(entry, weights, deviation(entry.name()));
  }

  private double deviation(String name) {
    boolean residual =
        name.endsWith("c_proj.weight")
            || name.endsWith("o_proj.weight")
            || name.endsWith("down_proj.weight");
    return residual ? STANDARD_DEVIATION / Math.sqrt(2.0 * layers) : STANDARD_DEVIATION;
  }

  private static void fillConstant(ParameterLayout.Entry entry, Floats weights, float value) {
    float[] values = new float[(int) entry.size()]; // a vector as wide as the model
    Arrays.fill(values, value);
    weights.copyFrom(values, 0, entry.offset(), values.length);
  }

  private void fillNormal(ParameterLayout.Entry entry, Floats weights, double deviation) {
    long key = CounterRandom.key(seed, entry.name().getBytes(StandardCharsets.UTF_8));
    float[] chunk = new float[CHUNK];
    for (long start = 0; start < entry.size(); start += CHUNK) {
      int count = (int) Math.min(CHUNK, entry.size() - start);
      for (int i = 0; i < count; i++) {
        chunk[i] = (float) (deviation * CounterRandom.normal(key, start + i));
      }
      weights.copyFrom(chunk, 0, entry.offset() + start, count);
    }
  }
}
