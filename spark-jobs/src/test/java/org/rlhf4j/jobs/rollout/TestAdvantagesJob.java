package org.rlhf4j.jobs.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rlhf4j.config.AdvantagesConfig;
import org.rlhf4j.config.AdvantagesConfig.Estimator;
import org.rlhf4j.config.KlConfig;
import org.rlhf4j.config.PpoConfig;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.dataset.Experience;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;
import org.rlhf4j.jobs.dataset.Manifest;
import org.rlhf4j.jobs.dataset.RecordCodec;

@Tag("spark")
class TestAdvantagesJob {
  private static final Offset<Float> FLOAT = within(2e-6f);
  private static final SparkSession SPARK = SparkTests.session();
  private static final JavaSparkContext CONTEXT =
      JavaSparkContext.fromSparkContext(SPARK.sparkContext());
  private static final Datasets DATASETS = new Datasets(SPARK, OutputFormat.PARQUET);
  private static final AdvantageSettings SETTINGS =
      AdvantageSettings.of(KlConfig.DEFAULTS, PpoConfig.DEFAULTS, AdvantagesConfig.DEFAULTS);

  @TempDir private Path directory;

  @Test
  void penaltyInTheLossIsNoPartOfTheRewards() {
    KlConfig d = KlConfig.DEFAULTS;
    KlConfig inLoss =
        new KlConfig(
            d.coefficient(),
            d.controller(),
            d.target(),
            d.horizon(),
            KlConfig.Estimator.K3,
            KlConfig.Place.LOSS);
    AdvantageSettings settings =
        AdvantageSettings.of(inLoss, PpoConfig.DEFAULTS, AdvantagesConfig.DEFAULTS);
    Rollout rollout = rollout("a", refLogprobsOfKl(.5f, -.5f), 0f, 0f);
    Experience row =
        experience(run(settings, List.of(rollout), List.of(score("a", 2)), 1, 1.0).output()).get(0);
    assertThat(row.rewards()).containsExactly(new float[] {0, 2}, FLOAT);
    assertThat(row.klToReference()).containsExactly(new float[] {.10653066f, .14872127f}, FLOAT);
    assertThat(row.refLogprobs().orElseThrow()).containsExactly(rollout.refLogprobs().get());
  }

  @Test
  void groupsAreComparedByPrompt() {
    List<Rollout> rollouts = new ArrayList<>();
    List<Score> scores = new ArrayList<>();
    double[] values = {1, 0, .5, .5};
    for (int i = 0; i < 8; i++) {
      rollouts.add(ofPrompt("prompt-" + i % 2, rollout("row-" + i, new float[3], new float[3])));
      scores.add(score("row-" + i, values[i / 2]));
    }
    for (int partitions : new int[] {1, 3}) {
      List<Experience> leaveOneOut =
          experience(run(estimator(Estimator.LEAVE_ONE_OUT), rollouts, scores, partitions, 0));
      assertThat(leaveOneOut.get(0).advantages())
          .containsExactly(new float[] {.66666667f, .66666667f, .66666667f}, FLOAT);
      assertThat(leaveOneOut.get(2).advantages()[0]).isCloseTo(-.66666667f, FLOAT);
      assertThat(leaveOneOut.get(4).advantages()).containsExactly(0, 0, 0);
      List<Experience> group =
          experience(run(estimator(Estimator.GROUP), rollouts, scores, partitions, 0));
      assertThat(group.get(1).advantages()[2]).isCloseTo(1.2244449445f, FLOAT);
      assertThat(group.get(3).advantages()[0]).isCloseTo(-1.2244449445f, FLOAT);
    }
    assertThatThrownBy(
            () ->
                run(estimator(Estimator.GROUP), rollouts.subList(1, 4), scores.subList(1, 4), 2, 0))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith("Rollout row-2 is the only response to its prompt (prompt-0)");
  }

  @Test
  void scoresAreScaledClippedAndRewardsWhitened() {
    List<Rollout> rollouts =
        List.of(rollout("a", new float[1], 0f), rollout("b", new float[1], 0f));
    List<Score> scores = List.of(score("a", 2), score("b", 6));
    AdvantagesConfig scaled =
        new AdvantagesConfig(
            Estimator.REWARD_TO_GO, AdvantagesConfig.Baseline.NONE, 0, false, false, true, 2.5);
    List<Experience> rows = experience(run(settings(scaled), rollouts, scores, 2, 0));
    assertThat(rows.get(0).rewards()[0]).isCloseTo(1, FLOAT);
    assertThat(rows.get(1).advantages()[0]).isEqualTo(2.5f);
    AdvantagesConfig whitened =
        new AdvantagesConfig(
            Estimator.REWARD_TO_GO, AdvantagesConfig.Baseline.NONE, 0, false, true, false, 0);
    rows = experience(run(settings(whitened), rollouts, scores, 2, 0));
    assertThat(rows.get(0).rewards()[0]).isCloseTo(3, FLOAT);
    assertThat(rows.get(1).rewards()[0]).isCloseTo(5, FLOAT);
  }

  @Test
  void nothingStaysInMemory() {
    int before = CONTEXT.getPersistentRDDs().size();
    List<Rollout> rollouts = List.of(rollout("a", new float[1], 0f));
    run(SETTINGS, rollouts, List.of(score("a", 2)), 1, 0);
    assertThatThrownBy(() -> run(SETTINGS, rollouts, List.of(), 1, 0))
        .isInstanceOf(JobException.class);
    assertThat(CONTEXT.getPersistentRDDs()).hasSize(before);
  }

  private static AdvantageSettings settings(AdvantagesConfig advantages) {
    return AdvantageSettings.of(KlConfig.DEFAULTS, PpoConfig.DEFAULTS, advantages);
  }

  private static AdvantageSettings estimator(Estimator estimator) {
    return settings(AdvantagesConfig.DEFAULTS.withEstimator(estimator));
  }

  /** Rewards and values of the golden numbers, by way of KL 1 x (log pi - log pi_ref) and score. */
  @Test
  void agreesWithReferenceCodes() {
    List<Rollout> rollouts =
        List.of(
            rollout(
                "a", refLogprobsOfKl(.10f, -.05f, .02f, -.03f, 0f), .50f, .40f, .30f, .20f, .10f),
            rollout("b", refLogprobsOfKl(-.02f, .04f, 0f), -.10f, .00f, .20f));
    List<Score> scores = List.of(score("b", .7), score("a", 1.0));

    List<Experience> experience = experience(run(rollouts, scores, 2, 1.0).output());

    assertThat(experience.get(0).rewards())
        .containsExactly(new float[] {-.10f, .05f, -.02f, .03f, 1.00f}, FLOAT);
    assertThat(experience.get(0).advantages())
        .containsExactly(
            new float[] {-1.84701044f, -.50013722f, -.01830266f, .92565742f, 1.60732404f}, FLOAT);
    assertThat(experience.get(1).advantages())
        .containsExactly(new float[] {.55963209f, .03652705f, -.76369029f}, FLOAT);
    assertThat(experience.get(0).returns())
        .containsExactly(new float[] {.81723937f, .94446250f, .92575000f, .98500000f, 1.0f}, FLOAT);
    assertThat(experience.get(1).returns())
        .containsExactly(new float[] {.62325000f, .63500000f, .70000000f}, FLOAT);
  }

  @ParameterizedTest
  @EnumSource(
      value = Estimator.class,
      names = {"GAE", "LEAVE_ONE_OUT"})
  void partitionsChangeNothing(Estimator estimator) {
    AdvantagesConfig scaled =
        new AdvantagesConfig(
            estimator,
            AdvantagesConfig.Baseline.NONE,
            0,
            true,
            false,
            estimator != Estimator.GAE,
            0);
    AdvantageSettings settings = settings(scaled);
    List<Rollout> rollouts =
        randomRollouts(200).stream()
            .map(r -> ofPrompt("p" + Math.floorMod(r.rolloutId().hashCode(), 20), r))
            .toList();
    List<Score> scores =
        rollouts.stream().map(r -> score(r.rolloutId(), (double) (r.seed() % 7))).toList();
    AdvantagesJob.Result one = run(settings, rollouts, scores, 1, 0.1);
    List<Experience> expected = experience(one.output());
    assertThat(expected).hasSize(200);
    List<String> order = storedOrder(one.output());
    assertThat(order)
        .isEqualTo(
            rollouts.stream()
                .map(Rollout::rolloutId)
                .sorted(
                    Comparator.comparingInt((String id) -> Math.floorMod(id.hashCode(), 1024))
                        .thenComparing(Comparator.naturalOrder()))
                .toList());
    for (int partitions : new int[] {3, 64}) {
      AdvantagesJob.Result result = run(settings, rollouts, scores, partitions, 0.1);
      assertThat(result.statistics()).isEqualTo(one.statistics());
      List<Experience> actual = experience(result.output());
      assertThat(storedOrder(result.output())).isEqualTo(order);
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(actual.get(i).rolloutId()).isEqualTo(expected.get(i).rolloutId());
        assertThat(actual.get(i).advantages()).containsExactly(expected.get(i).advantages());
        assertThat(actual.get(i).returns()).containsExactly(expected.get(i).returns());
      }
    }
  }

  @Test
  void statisticsAreOfTheWholeIteration() {
    List<Rollout> rollouts =
        List.of(
            rollout(
                "a", refLogprobsOfKl(.10f, -.05f, .02f, -.03f, 0f), .50f, .40f, .30f, .20f, .10f),
            rollout("b", refLogprobsOfKl(-.02f, .04f, 0f), -.10f, .00f, .20f));
    IterationStatistics statistics =
        run(rollouts, List.of(score("a", 1.0), score("b", .7)), 2, 1.0).statistics();
    assertThat(statistics.responses()).isEqualTo(2);
    assertThat(statistics.tokens()).isEqualTo(8);
    assertThat(statistics.score().mean()).isCloseTo(0.85, within(1e-9));
    assertThat(statistics.kl().mean()).isCloseTo(0.03, within(1e-6));
    assertThat(statistics.reward().mean()).isCloseTo(0.82, within(1e-6));
    assertThat(statistics.entropy().mean()).isCloseTo(8.0 / 2, within(1e-6));
    assertThat(statistics.length().mean()).isEqualTo(4.0);
    double variance = statistics.returns().variance();
    assertThat(statistics.explainedVariance())
        .isCloseTo(1 - statistics.residuals().variance() / variance, within(1e-12));
  }

  @Test
  void everyRolloutNeedsExactlyOneScore() {
    List<Rollout> rollouts = randomRollouts(5);
    List<Score> scores = new ArrayList<>();
    rollouts.forEach(rollout -> scores.add(score(rollout.rolloutId(), 1)));

    assertFails(rollouts, scores.subList(1, 5), "Rollout row-0 has no score; score all rollouts");
    List<Score> extra = new ArrayList<>(scores);
    extra.add(score("row-9", 1));
    assertFails(rollouts, extra, "Score of rollout row-9 has no rollout of its own");
    List<Score> twice = new ArrayList<>(scores);
    twice.add(score("row-3", 2));
    assertFails(rollouts, twice, "Score of rollout row-3 has no rollout of its own");
    List<Rollout> repeated = new ArrayList<>(rollouts);
    repeated.add(rollouts.get(2));
    assertFails(repeated, scores, "Rollout row-2 appears more than once");
  }

  /** What is read of a rollout is part of it. */
  @Test
  void columnsAreThoseOfRollouts() {
    DatasetSchema<Rollout> whole = DatasetSchema.of(Rollout.class);
    DatasetSchema<RolloutTokens> part = DatasetSchema.of(RolloutTokens.class);
    assertThat(part.name()).isEqualTo(whole.name());
    assertThat(part.version()).isEqualTo(whole.version());
    assertThat(RecordCodec.of(Rollout.class).schema().fields())
        .extracting(field -> List.of(field.name(), field.dataType(), field.nullable()))
        .containsAll(
            Arrays.stream(RecordCodec.of(RolloutTokens.class).schema().fields())
                .map(field -> List.of(field.name(), field.dataType(), field.nullable()))
                .toList());
  }

  @Test
  void namesTheColumnThatIsMissing() {
    Rollout whole = randomRollouts(1).get(0);
    List<Score> scores = List.of(score(whole.rolloutId(), 1));
    assertFails(
        List.of(with(whole, Optional.empty(), whole.values())),
        scores,
        "Rollout row-0 has no ref_logprobs; generate the rollouts with --reference");
    assertFails(
        List.of(with(whole, whole.refLogprobs(), Optional.empty())),
        scores,
        "Rollout row-0 has no values; generate the rollouts with --critic");
    assertFails(
        List.of(with(whole, whole.refLogprobs(), Optional.of(new float[99]))),
        scores,
        "Rollout row-0 has 99 values for");
  }

  private void assertFails(List<Rollout> rollouts, List<Score> scores, String message) {
    assertThatThrownBy(() -> run(rollouts, scores, 2, 0.1))
        .isInstanceOf(JobException.class)
        .hasMessageContaining(message);
    assertThat(directory.resolve("experience")).doesNotExist();
  }

  private AdvantagesJob.Result run(
      List<Rollout> rollouts, List<Score> scores, int partitions, double klCoefficient) {
    return run(SETTINGS, rollouts, scores, partitions, klCoefficient);
  }

  private AdvantagesJob.Result run(
      AdvantageSettings settings,
      List<Rollout> rollouts,
      List<Score> scores,
      int partitions,
      double klCoefficient) {
    String rolloutPath = directory.resolve("rollouts").toString();
    String scorePath = directory.resolve("scores").toString();
    DATASETS.publish(
        rolloutPath, Rollout.class, CONTEXT.parallelize(rollouts, partitions), "test", List.of());
    DATASETS.publish(scorePath, Score.class, CONTEXT.parallelize(scores, 2), "test", List.of());
    return new AdvantagesJob(DATASETS, settings)
        .execute(
            rolloutPath,
            scorePath,
            IterationScalars.of(klCoefficient),
            directory.resolve("experience").toString());
  }

  private static List<String> storedOrder(String path) {
    List<String> ids = new ArrayList<>();
    for (Manifest.DataFile file : DATASETS.manifest(path).orElseThrow().files()) {
      SPARK
          .read()
          .parquet(path + "/" + file.path())
          .select("rollout_id")
          .collectAsList()
          .forEach(row -> ids.add(row.getString(0)));
    }
    return ids;
  }

  private static List<Experience> experience(AdvantagesJob.Result result) {
    return experience(result.output());
  }

  private static List<Experience> experience(String path) {
    List<Experience> rows = new ArrayList<>(DATASETS.read(path, Experience.class).collect());
    rows.sort(Comparator.comparing(Experience::rolloutId));
    return rows;
  }

  private static List<Rollout> randomRollouts(int count) {
    Random random = new Random(3);
    List<Rollout> rollouts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] refLogprobs = randoms(random, 1 + random.nextInt(9));
      float[] values = randoms(random, refLogprobs.length);
      rollouts.add(rollout("row-" + i, refLogprobs, values));
    }
    return rollouts;
  }

  private static float[] randoms(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Reference log-probabilities that give these KLs against log-probabilities of -1. */
  private static float[] refLogprobsOfKl(float... kl) {
    float[] refLogprobs = new float[kl.length];
    for (int t = 0; t < kl.length; t++) {
      refLogprobs[t] = -1 - kl[t];
    }
    return refLogprobs;
  }

  private static Rollout rollout(String id, float[] refLogprobs, float... values) {
    float[] logprobs = new float[values.length];
    Arrays.fill(logprobs, -1);
    return new Rollout(
        id,
        "prompt-" + id,
        "text",
        "response",
        new int[] {1, 2},
        new int[values.length],
        logprobs,
        Optional.of(refLogprobs),
        Optional.of(values),
        FinishReason.STOP,
        id.hashCode());
  }

  private static Rollout ofPrompt(String promptId, Rollout rollout) {
    return with(promptId, rollout, rollout.refLogprobs(), rollout.values());
  }

  private static Rollout with(
      Rollout rollout, Optional<float[]> refLogprobs, Optional<float[]> values) {
    return with(rollout.promptId(), rollout, refLogprobs, values);
  }

  private static Rollout with(
      String promptId, Rollout rollout, Optional<float[]> refLogprobs, Optional<float[]> values) {
    return new Rollout(
        rollout.rolloutId(),
        promptId,
        rollout.promptText(),
        rollout.response(),
        rollout.promptTokens(),
        rollout.responseTokens(),
        rollout.logprobs(),
        refLogprobs,
        values,
        rollout.finishReason(),
        rollout.seed());
  }

  private static Score score(String rolloutId, double score) {
    return new Score(rolloutId, score, score, Optional.empty());
  }
}
