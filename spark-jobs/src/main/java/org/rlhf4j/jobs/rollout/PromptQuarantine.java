package org.rlhf4j.jobs.rollout;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.data.raw.Reason;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.jobs.rollout.PlainInput.PlacedPrompt;
import org.rlhf4j.text.TextEncoder;

/**
 * Keeps the prompts that are too long to be answered: each with its file, its row and its length,
 * so that none is lost without a word.
 */
public final class PromptQuarantine {
  private final Datasets datasets;
  private final String policy;
  private final PromptLimit limit;

  /**
   * @param policy model directory whose tokenizer measures the prompts
   */
  public PromptQuarantine(Datasets datasets, String policy, PromptLimit limit) {
    this.datasets = datasets;
    this.policy = policy;
    this.limit = limit;
  }

  /**
   * Publishes the prompts that are too long as dataset {@code quarantine}; nothing if there are
   * none.
   *
   * @param output directory of that dataset
   * @return their number
   */
  public long publish(JavaRDD<PlacedPrompt> prompts, String input, String output) {
    if (datasets.isPublished(output)) {
      datasets.unpublish(output);
    }
    String directory = policy;
    PromptLimit longest = limit;
    JavaRDD<QuarantinedRow> refused =
        prompts.mapPartitions(rows -> refused(rows, ExecutorModels.encoder(directory), longest));
    if (refused.isEmpty()) {
      return 0;
    }
    return datasets.publish(
        output, QuarantinedRow.class, refused, "generate", List.of(input, policy));
  }

  private static Iterator<QuarantinedRow> refused(
      Iterator<PlacedPrompt> prompts, TextEncoder encoder, PromptLimit limit) {
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(prompts, 0), false)
        .flatMap(prompt -> refused(prompt, encoder, limit).stream())
        .iterator();
  }

  private static Optional<QuarantinedRow> refused(
      PlacedPrompt placed, TextEncoder encoder, PromptLimit limit) {
    int[] tokens = encoder.promptTokens(placed.prompt().prompt());
    if (limit.apply(tokens).isPresent()) {
      return Optional.empty();
    }
    String detail =
        "the prompt has %d tokens, allowed are %d".formatted(tokens.length, limit.maxTokens());
    return Optional.of(
        new QuarantinedRow(
            placed.row().file(),
            placed.row().number(),
            Reason.TOO_LONG.code(),
            detail,
            new String(placed.row().bytes(), StandardCharsets.UTF_8)));
  }
}
