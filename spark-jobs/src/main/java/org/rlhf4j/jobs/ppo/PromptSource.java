package org.rlhf4j.jobs.ppo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Spliterators;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.config.DataConfig.OverLength;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.jobs.rollout.PromptDraw;
import org.rlhf4j.jobs.rollout.PromptLimit;
import org.rlhf4j.text.TextEncoder;
import scala.Tuple2;

/** Training prompts of a run, and those of each iteration. */
final class PromptSource implements AutoCloseable {
  private final JavaRDD<Prompt> prompts;
  private final PromptSchedule schedule;
  private final int usable;

  /**
   * @param path {@code prompts} dataset; rows outside the train split are not used
   * @param policy model directory whose tokenizer measures the prompts
   */
  PromptSource(Datasets datasets, String path, String policy, PromptLimit limit, long seed) {
    JavaRDD<Prompt> train =
        datasets.read(path, Prompt.class).filter(prompt -> prompt.split() == Split.TRAIN);
    this.prompts =
        (limit.overLength() == OverLength.QUARANTINE ? fitting(train, policy, limit) : train)
            .mapToPair(prompt -> new Tuple2<>(prompt.promptId(), prompt))
            .reduceByKey(Prompt::first)
            .values()
            .persist(StorageLevel.MEMORY_AND_DISK());
    List<String> ids = prompts.map(Prompt::promptId).collect();
    if (ids.isEmpty()) {
      throw JobException.badInput(
          "%s holds no training prompt of at most %d tokens; check its split column and"
              + " data.max-prompt-tokens",
          path, limit.maxTokens());
    }
    this.usable = ids.size();
    this.schedule = new PromptSchedule(ids, seed);
  }

  /** Distinct training prompts that are short enough. */
  int usable() {
    return usable;
  }

  /**
   * Responses to sample in one iteration, in a fixed order.
   *
   * @param iteration counted from 1
   */
  List<PromptDraw> draws(long iteration, int responses, int samplesPerPrompt) {
    List<PromptSchedule.Use> uses = schedule.uses(iteration, responses / samplesPerPrompt);
    Map<String, List<Message>> texts = texts(uses);
    List<PromptDraw> draws = new ArrayList<>(responses);
    for (PromptSchedule.Use use : uses) {
      for (int sample = 0; sample < samplesPerPrompt; sample++) {
        draws.add(
            new PromptDraw(
                use.promptId(),
                texts.get(use.promptId()),
                use.occurrence() * samplesPerPrompt + sample));
      }
    }
    return draws;
  }

  private Map<String, List<Message>> texts(List<PromptSchedule.Use> uses) {
    Set<String> ids =
        uses.stream().map(PromptSchedule.Use::promptId).collect(Collectors.toUnmodifiableSet());
    Map<String, List<Message>> texts = new HashMap<>();
    for (Prompt prompt : prompts.filter(p -> ids.contains(p.promptId())).collect()) {
      texts.put(prompt.promptId(), prompt.prompt());
    }
    return texts;
  }

  private static JavaRDD<Prompt> fitting(JavaRDD<Prompt> train, String policy, PromptLimit limit) {
    return train.mapPartitions(
        rows -> {
          TextEncoder encoder = ExecutorModels.encoder(policy);
          return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
              .filter(row -> limit.apply(encoder.promptTokens(row.prompt())).isPresent())
              .iterator();
        });
  }

  @Override
  public void close() {
    prompts.unpersist();
  }
}
