package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Several reward models as one; a part of the section score. */
public record EnsembleConfig(
    @Config(
            value = "ensemble",
            doc =
                "Reward models that score beside the one that is given, in order; empty means none")
        List<String> others,
    @Config(
            value = "ensemble-rule",
            doc =
                "Score of an ensemble: mean of its members, mean minus a multiple of their deviation or"
                    + " variance, or the lowest; Coste et al. 2023, section 3")
        Rule rule,
    @Config(
            value = "ensemble-coefficient",
            doc = "Multiple of the deviation or variance, in the score's unit or per unit")
        double coefficient)
    implements Serializable {

  /** What members that disagree are worth. */
  public enum Rule {
    MEAN,
    MEAN_MINUS_DEVIATION,
    MEAN_MINUS_VARIANCE,
    WORST
  }

  public static final EnsembleConfig DEFAULTS =
      new EnsembleConfig(List.of(), Rule.MEAN_MINUS_DEVIATION, 0.5);

  public EnsembleConfig {
    others = List.copyOf(others);
    check(
        coefficient >= 0 && Double.isFinite(coefficient),
        "score.ensemble-coefficient must not be negative, but is %s",
        coefficient);
  }

  /** Whether there is more than one model. */
  public boolean isUsed() {
    return !others.isEmpty();
  }

  /** All models, in order, of which the given one is the first. */
  public List<String> members(String first) {
    List<String> members = new ArrayList<>(List.of(first));
    members.addAll(others);
    return members;
  }
}
