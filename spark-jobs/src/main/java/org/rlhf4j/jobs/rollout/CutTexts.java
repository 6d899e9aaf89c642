package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many texts the context of a reward model or judge did not hold, over all tasks of the stage
 * that writes, in which Spark counts each task once.
 *
 * @param prompts that lost their start
 * @param responses that lost their end
 */
public record CutTexts(LongAccumulator prompts, LongAccumulator responses) implements Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(CutTexts.class);

  public static CutTexts of(SparkContext spark) {
    return new CutTexts(
        spark.longAccumulator("cut prompts"), spark.longAccumulator("cut responses"));
  }

  /**
   * @param read responses, each with its prompt
   */
  public void warn(String model, long read) {
    warn(prompts, "prompts", "start", model, read);
    warn(responses, "responses", "end", model, read);
  }

  private static void warn(
      LongAccumulator cut, String texts, String lost, String model, long read) {
    if (cut.value() > 0) {
      LOG.warn(
          "{} of {} {} do not fit into the context of {} and were scored without their {}",
          cut.value(),
          read,
          texts,
          model,
          lost);
    }
  }
}
