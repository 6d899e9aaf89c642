package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import java.util.List;

/** Low-rank adapters instead of full updates. */
public record LoraConfig(
    @Config(
            value = "rank",
            doc = "Rank of the adapters; 0 trains all weights, others are refused until they exist")
        int rank,
    @Config(value = "alpha", doc = "Scale of the adapters, divided by the rank") double alpha,
    @Config(value = "targets", doc = "Names of the weight matrices that get an adapter")
        List<String> targets) {
  public static final LoraConfig DEFAULTS = new LoraConfig(0, 16.0, List.of());

  public LoraConfig {
    check(rank == 0, "lora.rank must be 0 (all weights) until adapters exist, but is %s", rank);
    check(alpha > 0, "lora.alpha must be positive, but is %s", alpha);
    targets = List.copyOf(targets);
  }
}
