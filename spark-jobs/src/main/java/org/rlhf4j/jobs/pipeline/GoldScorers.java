package org.rlhf4j.jobs.pipeline;

import java.util.Optional;
import org.rlhf4j.config.EvaluateConfig;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.demo.DemoGold;
import org.rlhf4j.jobs.evaluate.GoldScorer;
import org.rlhf4j.jobs.reviews.SentimentGold;

/** The judge that a configuration names. */
public final class GoldScorers {
  private GoldScorers() {}

  /**
   * @param raw folder of the generator's files, where the sentiment classifier lies; empty if there
   *     is none
   */
  public static Optional<GoldScorer> of(EvaluateConfig.Gold gold, Optional<String> raw) {
    return switch (gold) {
      case NONE -> Optional.empty();
      case DEMO -> Optional.of(new DemoGold());
      case SENTIMENT ->
          Optional.of(
              SentimentGold.load(
                  raw.orElseThrow(
                      () ->
                          JobException.badInput(
                              "evaluate.gold: sentiment needs a run with pipeline.generator:"
                                  + " reviews; use none"))));
    };
  }
}
