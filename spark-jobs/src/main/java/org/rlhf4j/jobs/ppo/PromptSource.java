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
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.config.DataConfig.OverLength;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.jobs.rollout.PlainInput;
import org.rlhf4j.jobs.rollout.PlainInput.PlacedPrompt;
import org.rlhf4j.jobs.rollout.PromptDraw;
import org.rlhf4j.jobs.rollout.PromptLimit;
import org.rlhf4j.jobs.rollout.PromptQuarantine;
import org.rlhf4j.text.TextEncoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/** Training prompts of a run, and those of each iteration. */
final class PromptSource implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PromptSource.class);

  private final JavaRDD<Prompt> prompts;
  private final PromptSchedule schedule;

  /**
   * @param path {@code prompts} dataset or plain rows; those outside the train split are not used
   * @param policy model directory whose tokenizer measures the prompts
   * @param quarantine directory for those that are too long
   */
  PromptSource(
      SparkSession spark,
      Datasets datasets,
      String path,
      String policy,
      PromptLimit limit,
      long seed,
      String quarantine) {
    JavaRDD<PlacedPrompt> train =
        new PlainInput(spark, datasets)
            .prompts(path)
            .filter(placed -> placed.prompt().split() == Split.TRAIN);
    long tooLong = new PromptQuarantine(datasets, policy, limit).publish(train, path, quarantine);
    if (tooLong > 0) {
      LOG.warn(
          "{} training prompts have more than {} tokens and are left out; see {}",
          tooLong,
          limit.maxTokens(),
          quarantine);
    }
    JavaRDD<Prompt> prompts = train.map(PlacedPrompt::prompt);
    this.prompts =
        (limit.overLength() == OverLength.QUARANTINE ? fitting(prompts, policy, limit) : prompts)
            .mapToPair(prompt -> new Tuple2<>(prompt.promptId(), prompt))
            .reduceByKey(Prompt::first)
            .values()
            .persist(StorageLevel.MEMORY_AND_DISK());
    List<String> ids = this.prompts.map(Prompt::promptId).collect();
    if (ids.isEmpty()) {
      throw JobException.badInput(
          "%s holds no training prompt of at most %d tokens; check its split column and"
              + " data.max-prompt-tokens",
          path, limit.maxTokens());
    }
    this.schedule = new PromptSchedule(ids, seed);
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
