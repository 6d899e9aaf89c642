package org.rlhf4j.data.raw;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /** Sources that have a factor but are not among these, sorted: most likely misspelt. */
  public List<String> unknownTo(Set<String> sources) {
    return factors.keySet().stream().filter(name -> !sources.contains(name)).sorted().toList();
  }

  /** The row's own weight times its source's factor. */
  double of(Origin origin) {
    return origin.weight() * factors.getOrDefault(origin.source(), 1.0);
  }
}
