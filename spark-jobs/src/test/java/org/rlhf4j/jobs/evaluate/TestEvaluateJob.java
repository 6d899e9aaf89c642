package org.rlhf4j.jobs.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.EnsembleConfig;
import org.rlhf4j.config.EvaluateConfig;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.data.dataset.Evaluation;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.hub.ModelDirectory;
import org.rlhf4j.hub.ScoreNormalization;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;

@Tag("spark")
class TestEvaluateJob {
  private static final SparkSession SPARK = SparkTests.session();
  private static final JavaSparkContext CONTEXT =
      JavaSparkContext.fromSparkContext(SPARK.sparkContext());
  private static final Datasets DATASETS = new Datasets(SPARK, OutputFormat.PARQUET);
  private static final int PROMPTS = 12;
  private static final int BEST_OF = 5;
  private static final int PER_SPLIT = 5;
  private static final int TOO_LONG = 1000;

  @TempDir private static Path models;
  private static ToyModels toys;

  @TempDir private Path directory;

  @BeforeAll
  static void makeModels() {
    toys = new ToyModels(models);
  }

  @Test
  void judgesRewardModelAndPolicies() throws IOException {
    Map<String, String> checkpoints = new LinkedHashMap<>();
    checkpoints.put("sft", toys.policy());
    checkpoints.put("policy", toys.policy());
    EvaluateJob.Result result = run(checkpoints, Optional.of(preferences(Split.TEST)));

    RewardModelSummary rewardModel = result.summary().rewardModel().orElseThrow();
    assertThat(rewardModel.accuracy().comparisons()).isEqualTo(8);
    assertThat(rewardModel.leftOut()).isEqualTo(1);
    assertThat(rewardModel.accuracy().value()).isEqualTo(0.75);
    assertThat(rewardModel.goldAccuracy().orElseThrow().value()).isEqualTo(0.25);

    List<Evaluation> rows =
        DATASETS.read(result.output() + "/evaluations", Evaluation.class).collect();
    assertThat(rows).hasSize(2 * PROMPTS);
    assertThat(rows).allMatch(row -> row.promptId().startsWith("prompt-TEST"));
    assertThat(rows).allMatch(row -> row.goldScore().orElseThrow() == row.response().length());
    // The same model with the same seed says the same, and is its own reference.
    PolicyComparison comparison = result.summary().comparisons().get(0);
    assertThat(comparison.score().difference().mean()).isZero();
    assertThat(comparison.score().winRate()).isEqualTo(0.5);
    PolicySummary policy = result.summary().policies().get(1);
    assertThat(policy.klToReference().mean()).isCloseTo(0, within(1e-5));

    JsonNode json = new ObjectMapper().readTree(Path.of(result.summaryFile()).toFile());
    assertThat(json.at("/reward_model/accuracy").asDouble()).isEqualTo(0.75);
    assertThat(json.at("/reward_model/calibration/0/confidence").asDouble()).isBetween(0.5, 1.0);
    assertThat(json.at("/reward_model/calibration/0/accuracy_interval")).hasSize(2);
    assertThat(json.at("/reward_model/left_out").asInt(-1)).isEqualTo(1);
    assertThat(json.at("/checkpoints/1/checkpoint_id").asText()).isEqualTo("policy");
    assertThat(json.at("/comparisons/0/baseline").asText()).isEqualTo("sft");
    List<BestOfCurve.Point> bestOf = result.summary().bestOf().orElseThrow().points();
    assertThat(bestOf).extracting(BestOfCurve.Point::n).containsExactly(1, 2, 4);
    assertThat(bestOf).allMatch(point -> point.score().count() == PROMPTS);
    assertThat(bestOf.get(1).score().mean()).isGreaterThan(bestOf.get(0).score().mean());
    assertThat(bestOf.get(2).score().mean()).isGreaterThan(bestOf.get(1).score().mean());
    assertThat(json.at("/best_of/2/kl_to_reference").asDouble())
        .isCloseTo(Math.log(4) - 0.75, within(1e-9));
    assertThat(json.at("/best_of/0/gold_score/mean").isNumber()).isTrue();
    assertThat(json.at("/samples")).hasSize(3);
    assertThat(json.at("/samples/0/responses")).hasSize(2);
  }

  /** The other member is the mirror image of the first, thrice: together they prefer the other. */
  @Test
  void ensembleJudgesAsOne() {
    Path mirrored = directory.resolve("mirrored");
    ModelDirectory.save(
        new ScoreNormalization(0, -1.0 / 3).fold(ModelDirectory.load(Path.of(toys.reward()))),
        Path.of(toys.tokenizer()),
        mirrored);
    Map<String, String> checkpoints = Map.of("sft", toys.policy());
    Optional<String> preferences = Optional.of(preferences(Split.TEST));
    EvaluateJob.Summary alone = run(checkpoints, preferences).summary();
    EnsembleConfig ensemble =
        new EnsembleConfig(List.of(mirrored.toString()), EnsembleConfig.Rule.MEAN, 0);
    EvaluateJob.Summary together =
        run(checkpoints, preferences, DataConfig.DEFAULTS, ensemble).summary();

    RewardModelSummary pairs = together.rewardModel().orElseThrow();
    assertThat(pairs.accuracy().value()).isEqualTo(0.25);
    assertThat(pairs.leftOut()).isEqualTo(1);
    assertThat(pairs.meanMargin())
        .isCloseTo(-alone.rewardModel().orElseThrow().meanMargin(), within(1e-6));
    double score = alone.policies().get(0).score().mean();
    assertThat(Math.abs(score)).isGreaterThan(0.01);
    assertThat(together.policies().get(0).score().mean()).isCloseTo(-score, within(1e-6));
    assertThat(together.bestOf().orElseThrow().points().get(0).score().mean())
        .isCloseTo(-alone.bestOf().orElseThrow().points().get(0).score().mean(), within(1e-6));
  }

  @Test
  void refusesToJudgeOnTrainingRows() {
    assertThatThrownBy(
            () -> run(Map.of("sft", toys.policy()), Optional.of(preferences(Split.TRAIN))))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("has no held-out row (split test or validation)");
  }

  /** Of the held-out pairs one is too long, and none of those that stand for another split. */
  @Test
  void tellsHowWellItKnowsTheOtherSplits() {
    String preferences = preferences(Split.TEST, Split.TRAIN, Split.VALIDATION);
    RewardModelSummary summary =
        run(Map.of(), Optional.of(preferences)).summary().rewardModel().orElseThrow();

    assertThat(summary.bySplit()).containsOnlyKeys("test", "train", "validation");
    assertThat(summary.bySplit().get("test").comparisons()).isEqualTo(8);
    assertThat(summary.accuracy().comparisons()).isEqualTo(8);
    assertThat(summary.leftOut()).isEqualTo(1);
    for (String other : List.of("train", "validation")) {
      assertThat(summary.bySplit().get(other).comparisons()).isEqualTo(PER_SPLIT);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64})
  void judgesTheSamePairsOnAnyPartitions(int partitions) {
    List<PreferencePair> pairs =
        Stream.of(Split.values()).flatMap(split -> pairs(split).stream()).toList();
    Map<Split, List<String>> judged =
        JudgedPairs.of(CONTEXT.parallelize(pairs, partitions), Split.TEST, 2, 7).collect().stream()
            .collect(
                Collectors.groupingBy(
                    PreferencePair::split,
                    Collectors.mapping(PreferencePair::pairId, Collectors.toList())));

    assertThat(judged.get(Split.TEST)).hasSize(9);
    assertThat(judged.get(Split.TRAIN)).containsExactly("pair-TRAIN4", "pair-TRAIN8");
    assertThat(judged.get(Split.VALIDATION))
        .containsExactly("pair-VALIDATION1", "pair-VALIDATION8");
    assertThat(JudgedPairs.of(CONTEXT.parallelize(pairs, partitions), Split.TEST, 0, 7).count())
        .isEqualTo(9);
  }

  @Test
  void readsLongPairsAsTheTrainerCutsThem() {
    DataConfig truncating = new DataConfig(0, 0, DataConfig.OverLength.TRUNCATE_LEFT);
    RewardModelSummary summary =
        run(Map.of("sft", toys.policy()), Optional.of(preferences(Split.TEST)), truncating)
            .summary()
            .rewardModel()
            .orElseThrow();

    assertThat(summary.accuracy().comparisons()).isEqualTo(9);
    assertThat(summary.leftOut()).isZero();
  }

  @Test
  void judgesPoliciesAloneWhereEveryPairIsTooLong() {
    DataConfig tight = new DataConfig(0, 1, DataConfig.OverLength.QUARANTINE);
    EvaluateJob.Summary summary =
        run(Map.of("sft", toys.policy()), Optional.of(preferences(Split.TEST)), tight).summary();

    assertThat(summary.rewardModel()).isEmpty();
    assertThat(summary.policies()).hasSize(1);
    assertThatThrownBy(() -> run(Map.of(), Optional.of(preferences(Split.TEST)), tight))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("Every held-out pair of")
        .hasMessageContaining("data.max-response-tokens");
  }

  @Test
  void wantsHeldOutRowsBeforeAnythingIsTrained() {
    String held = preferences(Split.TEST);
    EvaluateJob.requireHeldOut(DATASETS, held, prompts());

    String trained = preferences(Split.TRAIN);
    assertThatThrownBy(() -> EvaluateJob.requireHeldOut(DATASETS, trained, prompts()))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("raise prepare.test-share");
  }

  private EvaluateJob.Result run(Map<String, String> checkpoints, Optional<String> preferences) {
    return run(checkpoints, preferences, DataConfig.DEFAULTS);
  }

  private EvaluateJob.Result run(
      Map<String, String> checkpoints, Optional<String> preferences, DataConfig data) {
    return run(checkpoints, preferences, data, EnsembleConfig.DEFAULTS);
  }

  private EvaluateJob.Result run(
      Map<String, String> checkpoints,
      Optional<String> preferences,
      DataConfig data,
      EnsembleConfig ensemble) {
    EvaluateSettings settings =
        new EvaluateSettings(
            new EvaluateConfig(PROMPTS, EvaluateConfig.Gold.NONE, 3, BEST_OF, PER_SPLIT),
            new GenerationConfig(8, 0, 1.0, 0, 1.0, false, 1, 16, List.of()),
            data,
            new ScoreConfig(ScoreConfig.MissingEnd.NONE, 1),
            ensemble,
            1);
    GoldScorer gold = (prompt, response) -> response.length();
    return new EvaluateJob(SPARK, DATASETS, settings, Optional.of(gold))
        .execute(
            new EvaluateJob.Inputs(
                toys.reward(), preferences, Optional.of(prompts()), toys.policy(), checkpoints),
            directory.resolve("out").toString());
  }

  private String prompts() {
    String path = directory.resolve("prompts").toString();
    List<Prompt> rows =
        Stream.of(Split.TRAIN, Split.TEST)
            .flatMap(split -> ToyModels.prompts(20, split).stream())
            .toList();
    DATASETS.publish(path, Prompt.class, CONTEXT.parallelize(rows, 2), "test", List.of());
    return path;
  }

  /**
   * Six pairs whose chosen response is printable and short, two the other way round, and one longer
   * than the model can read.
   */
  private String preferences(Split... splits) {
    List<PreferencePair> pairs = Stream.of(splits).flatMap(split -> pairs(split).stream()).toList();
    String path = directory.resolve("preferences").toString();
    DATASETS.publish(path, PreferencePair.class, CONTEXT.parallelize(pairs, 2), "test", List.of());
    return path;
  }

  private static List<PreferencePair> pairs(Split split) {
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      String liked = i < 8 ? "yes" : "yes".repeat(TOO_LONG);
      String disliked = "\u00e9\u00e8\u00e0 \u00e9";
      boolean swapped = i == 6 || i == 7;
      pairs.add(
          new PreferencePair(
              "pair-" + split + i,
              "pair-" + split + i,
              "prompt-" + split + i,
              split,
              "toy",
              List.of(Message.text("Say " + i)),
              swapped ? disliked : liked,
              swapped ? liked : disliked,
              Optional.empty(),
              1.0,
              Optional.empty(),
              Optional.empty()));
    }
    return pairs;
  }
}
