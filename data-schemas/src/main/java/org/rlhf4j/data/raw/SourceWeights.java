package org.rlhf4j.data.raw;

import java.io.Serializable;
import java.util.Map;
import org.rlhf4j.data.raw.RawRecord.Origin;

/**
 * How much sources count in a mixture of them.
 *
 * @param factors for the weights of rows, by source; 1 for others
 */
public record SourceWeights(Map<String, Double> factors) implements Serializable {
  static final SourceWeights EQUAL = new SourceWeights(Map.of());

  public SourceWeights {
    factors = Map.copyOf(factors);
  }

  /** The row's own weight times its source's factor. */
  double of(Origin origin) {
    return origin.weight() * factors.getOrDefault(origin.source(), 1.0);
  }
}
