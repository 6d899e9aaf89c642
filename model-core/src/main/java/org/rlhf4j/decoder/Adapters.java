package org.rlhf4j.decoder;

import static org.rlhf4j.config.ConfigException.check;

import java.util.ArrayList;
import java.util.List;
import org.rlhf4j.config.LoraConfig;

/**
 * Which of a decoder's linear layers have a low-rank adapter (Hu et al. 2021, arXiv:2106.09685, eq.
 * 3): a layer with weight W [out, in] becomes W + alpha / rank B A, where A [rank, in] and B [out,
 * rank] are trained and W is frozen.
 *
 * @param rank r; 0 stands for no adapters: all weights are trained
 * @param alpha scale, divided by the rank
 * @param targets names of the layers, or what they end with: {@code q_proj}, {@code attn.c_proj}
 */
public record Adapters(int rank, double alpha, List<String> targets) {
  /** All weights are trained. */
  public static final Adapters NONE = new Adapters(0, 1, List.of());

  private static final String AUTO = "auto";
  private static final String ALL_LINEAR = "all-linear";

  public Adapters {
    targets = List.copyOf(targets);
  }

  /**
   * The adapters that a configuration asks for, its words {@code auto} and {@code all-linear}
   * replaced by names.
   *
   * @throws org.rlhf4j.config.ConfigException if the model has no such layer, or only smaller ones
   */
  public static Adapters of(LoraConfig lora, DecoderConfig model) {
    if (lora.rank() == 0) {
      return NONE;
    }
    check(
        lora.rank() <= model.hiddenSize(),
        "lora.rank must be at most the model's width (%s), but is %s",
        model.hiddenSize(),
        lora.rank());
    List<String> layers = ParameterLayout.of(model, DecoderHead.LANGUAGE_MODEL).linearLayers();
    List<String> kinds =
        layers.stream().map(name -> name.substring(name.lastIndexOf('.') + 1)).distinct().toList();
    List<String> targets = new ArrayList<>();
    for (String target : lora.targets()) {
      if (target.equals(AUTO)) {
        targets.addAll(model.isGpt2() ? List.of("c_attn") : List.of("q_proj", "v_proj"));
      } else if (target.equals(ALL_LINEAR)) {
        targets.addAll(kinds);
      } else {
        check(
            layers.stream().anyMatch(layer -> isNamed(layer, target)),
            "lora.targets names %s, which this model does not have; it has %s",
            target,
            String.join(", ", kinds));
        targets.add(target);
      }
    }
    return new Adapters(lora.rank(), lora.alpha(), targets.stream().distinct().toList());
  }

  /** Whether there are any. */
  public boolean exist() {
    return rank > 0;
  }

  /** Factor of the product of B and A. */
  float scale() {
    return (float) (alpha / rank);
  }

  /** Name of a layer's A, [rank, in]. */
  static String down(String layer) {
    return layer + ".lora_A.weight";
  }

  /** Name of a layer's B, [out, rank]. */
  static String up(String layer) {
    return layer + ".lora_B.weight";
  }

  /** Whether the layer of this name has one. */
  boolean adapt(String layer) {
    return targets.stream().anyMatch(target -> isNamed(layer, target));
  }

  private static boolean isNamed(String layer, String target) {
    return layer.equals(target) || layer.endsWith("." + target);
  }
}
