package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import java.util.List;
import java.util.stream.Stream;

/** Low-rank adapters instead of full updates. */
public record LoraConfig(
    @Config(
            value = "rank",
            doc = "Rank of the adapters that every trainer trains; 0 trains all weights")
        int rank,
    @Config(value = "alpha", doc = "Scale of the adapters, divided by the rank") double alpha,
    @Config(
            value = "targets",
            doc =
                "Linear layers that get an adapter, by the end of their names (q_proj, attn.c_proj);"
                    + " auto is c_attn for gpt2, else q_proj and v_proj; all-linear is all of them")
        List<String> targets) {
  public static final LoraConfig DEFAULTS = new LoraConfig(0, 16.0, List.of("auto"));

  public LoraConfig {
    check(rank >= 0, "lora.rank must be 0 (all weights are trained) or positive, but is %s", rank);
    check(alpha > 0, "lora.alpha must be positive, but is %s", alpha);
    // A list or, as people write it on a command line, one text with commas.
    targets =
        targets.stream()
            .flatMap(text -> Stream.of(text.split(",")))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    check(
        !targets.isEmpty(),
        "lora.targets must name at least one linear layer, auto or all-linear, but is empty");
  }
}
