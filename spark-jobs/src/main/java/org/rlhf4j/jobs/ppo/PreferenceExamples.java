package org.rlhf4j.jobs.ppo;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.dl4j.TrainingExample.Sequence;
import org.rlhf4j.objective.Objective;
import scala.Tuple2;

/**
 * One iteration's responses as pairs for a preference objective: of each prompt the response with
 * the highest score against the one with the lowest. Equal scores say nothing and give no pair.
 */
final class PreferenceExamples {
  private static final Comparator<Scored> BEST_FIRST =
      Comparator.comparingDouble(Scored::score)
          .reversed()
          .thenComparing(scored -> scored.rollout().rolloutId());

  private PreferenceExamples() {}

  /** A response and what it is worth. */
  record Scored(Rollout rollout, double score) implements Serializable {}

  /**
   * The same examples on any number of partitions.
   *
   * @param channels names of the objective's channels
   */
  static JavaRDD<TrainingExample> of(
      JavaRDD<Rollout> rollouts, JavaRDD<Score> scores, List<String> channels) {
    return rollouts
        .mapToPair(rollout -> new Tuple2<>(rollout.rolloutId(), rollout))
        .join(scores.mapToPair(score -> new Tuple2<>(score.rolloutId(), score.score())))
        .values()
        .mapToPair(row -> new Tuple2<>(row._1().promptId(), new Scored(row._1(), row._2())))
        .groupByKey()
        .values()
        .flatMap(responses -> pair(responses, channels).stream().iterator());
  }

  /** Chosen first; channels weight and, where the objective has it, ref_logprob. */
  static Optional<TrainingExample> pair(Iterable<Scored> responses, List<String> channels) {
    List<Scored> ranked = new ArrayList<>();
    responses.forEach(ranked::add);
    ranked.sort(BEST_FIRST);
    Scored best = ranked.get(0);
    Scored worst = ranked.get(ranked.size() - 1);
    if (best.score() <= worst.score()) {
      return Optional.empty();
    }
    return Optional.of(
        new TrainingExample(
            best.rollout().rolloutId() + ">" + worst.rollout().rolloutId(),
            List.of(sequence(best.rollout(), channels), sequence(worst.rollout(), channels))));
  }

  private static Sequence sequence(Rollout rollout, List<String> channels) {
    int first = rollout.promptTokens().length;
    int[] targets = new int[rollout.responseTokens().length];
    Arrays.setAll(targets, t -> first + t);
    float[][] values =
        channels.stream().map(channel -> values(channel, rollout)).toArray(float[][]::new);
    return new Sequence(
        new TokenSequence(rollout.promptTokens(), rollout.responseTokens()).tokens(),
        targets,
        values);
  }

  private static float[] values(String channel, Rollout rollout) {
    if (channel.equals(Objective.REFERENCE_CHANNEL)) {
      return rollout.refLogprobs().orElseThrow();
    }
    float[] ones = new float[rollout.responseTokens().length];
    Arrays.fill(ones, 1f);
    return ones;
  }
}
