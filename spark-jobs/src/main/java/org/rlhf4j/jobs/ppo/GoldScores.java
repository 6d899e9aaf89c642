package org.rlhf4j.jobs.ppo;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.evaluate.GoldScorer;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.rlhf.Moments;

/** Watches an iteration with a judge that trains nothing: its score is only reported. */
record GoldScores(Datasets datasets, Optional<GoldScorer> judge) {
  private record Judged(String rolloutId, double score) implements Serializable {}

  /** The mean over a published dataset of rollouts; empty without a judge. */
  Map<Metric, Double> metrics(String rollouts) {
    return judge.map(gold -> Map.of(Metric.GOLD_SCORE, mean(gold, rollouts))).orElse(Map.of());
  }

  private double mean(GoldScorer gold, String rollouts) {
    List<Judged> judged =
        datasets.read(rollouts, Rollout.class).map(rollout -> judge(gold, rollout)).collect();
    Moments moments = Moments.NONE;
    // In the order of ids, so that partitions do not change the sum.
    for (Judged one : judged.stream().sorted(Comparator.comparing(Judged::rolloutId)).toList()) {
      moments = moments.merge(Moments.of(one.score()));
    }
    return moments.mean();
  }

  /** The prompt is the text that the policy saw. */
  private static Judged judge(GoldScorer gold, Rollout rollout) {
    List<Message> prompt = List.of(Message.text(rollout.promptText()));
    return new Judged(rollout.rolloutId(), gold.score(prompt, rollout.response()));
  }
}
