package org.rlhf4j.jobs.quality;

import java.util.Locale;
import org.rlhf4j.config.QualityConfig.Level;

/** Statistics over all items that are resampled, by their key in {@code quality.json}. */
enum Statistic {
  FLEISS_KAPPA,
  ALPHA_NOMINAL,
  ALPHA_ORDINAL,
  ALPHA_INTERVAL,
  ALPHA_RATIO,
  PAIRWISE_AGREEMENT,
  GOLD_AGREEMENT,
  FIRST_CHOSEN,
  LONGER_CHOSEN;

  static Statistic alpha(Level level) {
    return switch (level) {
      case NOMINAL -> ALPHA_NOMINAL;
      case ORDINAL -> ALPHA_ORDINAL;
      case INTERVAL -> ALPHA_INTERVAL;
      case RATIO -> ALPHA_RATIO;
    };
  }

  String key() {
    return name().toLowerCase(Locale.ROOT).replace("alpha_", "krippendorff_alpha_");
  }
}
