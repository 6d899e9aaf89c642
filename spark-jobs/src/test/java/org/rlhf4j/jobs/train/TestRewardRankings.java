package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.OptimizerConfig.Schedule;
import org.rlhf4j.config.OptimizerConfig.Updater;
import org.rlhf4j.config.RewardConfig;
import org.rlhf4j.config.RewardConfig.Objective;
import org.rlhf4j.config.RewardConfig.RatingLoss;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.train.RankedResponses.Ranked;

@Tag("spark")
class TestRewardRankings {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final OptimizerConfig ADAM =
      new OptimizerConfig(2, 0, 8, 0.02, Schedule.CONSTANT, 0, Updater.ADAM, 1e-8, 0.0, 1.0);
  private static final OptimizerConfig LONGER =
      new OptimizerConfig(8, 0, 8, 0.02, Schedule.CONSTANT, 0, Updater.ADAM, 1e-8, 0.0, 1.0);
  private static final String[] BEST_TO_WORST = {"aaaa", "aabb", "bbbb"};

  @TempDir private static Path shared;
  private static ToyModels models;

  @TempDir private Path directory;

  @BeforeAll
  static void makeModels() {
    models = new ToyModels(shared);
  }

  private static RewardJob job(Objective objective, RatingLoss ratingLoss) {
    return job(objective, ratingLoss, ADAM);
  }

  private static RewardJob job(
      Objective objective, RatingLoss ratingLoss, OptimizerConfig optimizer) {
    return new RewardJob(
        SparkTests.session(),
        new RewardConfig(objective, 0, 0, ratingLoss, 0, 2, RewardConfig.Normalize.NONE, ""),
        new TrainingSettings(
            optimizer, TrainerConfig.DEFAULTS, LoraConfig.DEFAULTS, DataConfig.DEFAULTS, 3));
  }

  private static String split(int prompt) {
    return prompt % 5 == 4 ? "validation" : "train";
  }

  private String rankings() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int prompt = 0; prompt < 40; prompt++) {
      for (int better = 0; better < 3; better++) {
        for (int worse = better + 1; worse < 3; worse++) {
          lines.add(
              JSON.writeValueAsString(
                  Map.of(
                      "pair_id",
                      "p" + prompt + better + worse,
                      "group_id",
                      "g" + prompt,
                      "split",
                      split(prompt),
                      "prompt",
                      "say " + prompt,
                      "chosen",
                      BEST_TO_WORST[better],
                      "rejected",
                      BEST_TO_WORST[worse],
                      "weight",
                      1.0 / 3)));
        }
      }
    }
    return Files.write(directory.resolve("rankings.jsonl"), lines).toString();
  }

  private String ratings(double scale) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      lines.add(
          JSON.writeValueAsString(
              Map.of(
                  "rating_id",
                  "r" + i,
                  "split",
                  split(i),
                  "prompt",
                  "say " + i,
                  "response",
                  BEST_TO_WORST[i % 3],
                  "rating",
                  scale * (2 - i % 3))));
    }
    return Files.write(directory.resolve("ratings.jsonl"), lines).toString();
  }

  private String output() {
    return directory.resolve("output").toString();
  }

  @ParameterizedTest
  @EnumSource(
      value = Objective.class,
      names = {"RANKING_PAIRS", "PLACKETT_LUCE", "BEST_OF_K"})
  void rankingsAreLearnedWhole(Objective objective) throws IOException {
    RewardJob.Result result =
        job(objective, RatingLoss.REGRESSION).execute(models.policy(), rankings(), output());
    assertThat(result.rows()).isEqualTo(new RowCounts(40, 32, 8, 0, 0, 0));
    assertThat(result.steps()).isEqualTo(8);
    double least = objective == Objective.BEST_OF_K ? 0.6 : 0.9; // the best alone is compared
    assertThat(result.validation().orElseThrow().accuracy()).isGreaterThan(least);
  }

  @ParameterizedTest
  @EnumSource(RatingLoss.class)
  void gradesAreLearned(RatingLoss loss) throws IOException {
    RewardJob.Result result =
        job(Objective.RATING, loss).execute(models.policy(), ratings(1), output());
    assertThat(result.validation()).isEmpty();
    assertThat(result.heldOutMetrics().get("rating/correlation")).isGreaterThan(0.7);
    assertThat(Files.readString(Path.of(output(), "metrics", "reward.jsonl")))
        .contains("rating/error", "validation/rating/correlation");
  }

  @Test
  void yesAndNoAreLearned() throws IOException {
    RewardJob.Result result =
        job(Objective.BINARY, RatingLoss.REGRESSION, LONGER)
            .execute(models.policy(), ratings(0.5), output());
    assertThat(result.validation().orElseThrow().margin()).isGreaterThan(0.2);
  }

  @Test
  void gradesAreNoYesOrNo() throws IOException {
    String input = ratings(1);
    RewardJob job = job(Objective.BINARY, RatingLoss.REGRESSION);
    assertThatThrownBy(() -> job.execute(models.policy(), input, output()))
        .hasStackTraceContaining(
            "has rating 2.0, but the loss reads 0.0 to 1.0; correct it or set");
  }

  @Test
  void theObjectiveMustFitTheInput() throws IOException {
    String input = ratings(1);
    RewardJob job = job(Objective.PLACKETT_LUCE, RatingLoss.REGRESSION);
    assertThatThrownBy(() -> job.execute(models.policy(), input, output()))
        .isInstanceOf(JobException.class)
        .hasMessageEndingWith(
            "has ratings, but no two different ones of one prompt, source and annotator, which the"
                + " objective could compare; give preferences or set reward.objective to rating or"
                + " binary");
  }

  private static PreferencePair pair(String chosen, String rejected) {
    return new PreferencePair(
        chosen + rejected,
        "group",
        "prompt",
        Split.TRAIN,
        "",
        List.of(Message.text("x")),
        chosen,
        rejected,
        Optional.empty(),
        0.25,
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void ranksAreThoseOfTheRankingWithItsTies() {
    RankedResponses ranking =
        RankedResponses.of(
            List.of(
                pair("c", "d"), pair("b", "d"), pair("a", "d"), pair("a", "c"), pair("a", "b")));
    assertThat(ranking.ranks())
        .containsExactly(
            new Ranked("a", 2), new Ranked("b", 1), new Ranked("c", 1), new Ranked("d", 0));
    assertThat(ranking.weight()).isEqualTo(1.25);
  }

  @Test
  void pairsThatGoInACircleAreRefused() {
    List<PreferencePair> circle = List.of(pair("a", "b"), pair("b", "c"), pair("c", "a"));
    assertThatThrownBy(() -> RankedResponses.of(circle))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("group_id group go in a circle");
  }
}
