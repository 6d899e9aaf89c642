package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.rlhf4j.config.QualityConfig.Level;

/**
 * Observed disagreement at every level, n times D_o of Krippendorff: each ordered pair of votes on
 * an item of m votes counts delta^2/(m - 1). The sums are exact, hence the same in any order.
 */
final class Disagreement implements Serializable {
  private static final long serialVersionUID = 1L;

  private final LabelScale scale;
  private final Level[] levels;
  private final Map<Level, ExactSum> sums = new EnumMap<>(Level.class);

  Disagreement(LabelScale scale, long[] labelVotes) {
    this.scale = scale;
    this.levels =
        Arrays.stream(Level.values())
            .filter(level -> scale.isDefined(level, labelVotes))
            .toArray(Level[]::new);
    for (Level level : Level.values()) {
      sums.put(level, new ExactSum());
    }
  }

  Disagreement plus(CodedItem item) {
    int votes = item.votes();
    if (votes < 2) {
      return this;
    }

    int[] histogram = item.histogram();
    for (Level level : levels) {
      double sum = 0;
      for (int i = 0; i < histogram.length; i += 2) {
        for (int j = 0; j < i; j += 2) {
          double pairs = 2.0 * histogram[i + 1] * histogram[j + 1];
          sum += pairs * scale.squared(level, histogram[i], histogram[j]);
        }
      }

      sums.get(level).add(sum / (votes - 1));
    }

    return this;
  }

  Disagreement merge(Disagreement other) {
    sums.forEach((level, sum) -> sum.merge(other.sums.get(level)));

    return this;
  }

  double at(Level level) {
    return sums.get(level).value();
  }
}
