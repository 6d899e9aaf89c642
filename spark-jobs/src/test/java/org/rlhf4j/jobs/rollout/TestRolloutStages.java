package org.rlhf4j.jobs.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.ConfigException;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.DataConfig.OverLength;
import org.rlhf4j.config.EnsembleConfig;
import org.rlhf4j.config.EnsembleConfig.Rule;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.Warnings;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.jobs.rollout.PlainInput.PlacedPrompt;
import org.rlhf4j.text.TextEncoder;

/** Sampling and scoring, with real models of toy size. */
@Tag("spark")
class TestRolloutStages {
  private static final float GENERATOR_AGAINST_EVALUATOR = 1e-5f;
  private static final double NORM_EPSILON = 1e-4; // the hand calculation has none
  private static final SparkSession SPARK = SparkTests.session();
  private static final JavaSparkContext CONTEXT =
      JavaSparkContext.fromSparkContext(SPARK.sparkContext());
  private static final Datasets DATASETS = new Datasets(SPARK, OutputFormat.PARQUET);
  private static final GenerationConfig GENERATION =
      new GenerationConfig(12, 0, 0.9, 0, 1.0, false, 1, 4, List.of());

  @TempDir private static Path models;
  private static ToyModels toys;

  @TempDir private Path directory;

  @BeforeAll
  static void makeModels() {
    toys = new ToyModels(models);
  }

  @Test
  void partitionsChangeNoRollout() {
    List<Rollout> expected = generate(draws(40), 1, 7);
    assertThat(expected).hasSize(40);
    for (int partitions : new int[] {3, 16}) {
      List<Rollout> actual = generate(draws(40), partitions, 7);
      assertThat(actual).hasSize(40);
      for (int i = 0; i < expected.size(); i++) {
        Rollout left = expected.get(i);
        Rollout right = actual.get(i);
        assertThat(right.rolloutId()).isEqualTo(left.rolloutId());
        assertThat(right.responseTokens()).containsExactly(left.responseTokens());
        assertThat(right.logprobs()).containsExactly(left.logprobs());
        assertThat(right.refLogprobs().orElseThrow())
            .containsExactly(left.refLogprobs().orElseThrow());
        assertThat(right.values().orElseThrow()).containsExactly(left.values().orElseThrow());
      }
    }
  }

  @Test
  void rolloutsSayWhatTheModelsSay() {
    List<Rollout> rollouts = generate(draws(10), 2, 7);
    DecoderModel policy = ExecutorModels.model(toys.policy());
    for (Rollout rollout : rollouts) {
      TokenSequence sequence = new TokenSequence(rollout.promptTokens(), rollout.responseTokens());
      try (SequenceEvaluator evaluator = new SequenceEvaluator(policy, 512, 1)) {
        float[] logprobs =
            evaluator.responseLogprobs(List.of(sequence), GENERATION.temperature()).get(0);
        assertThat(rollout.logprobs())
            .containsExactly(logprobs, within(GENERATOR_AGAINST_EVALUATOR));
      }
      // The reference is the policy itself here.
      assertThat(rollout.refLogprobs().orElseThrow())
          .containsExactly(rollout.logprobs(), within(GENERATOR_AGAINST_EVALUATOR));
      int[] last = rollout.responseTokens();
      boolean hasEnd = last[last.length - 1] == ExecutorModels.endTokens(toys.policy())[0];
      assertThat(rollout.finishReason())
          .isEqualTo(hasEnd ? FinishReason.STOP : FinishReason.LENGTH);
    }
  }

  @Test
  void seedAndSampleIndexMakeTheResponse() {
    Prompt prompt = ToyModels.prompts(1, Split.TRAIN).get(0);
    List<PromptDraw> draws = new ArrayList<>();
    for (int sample = 0; sample < 5; sample++) {
      draws.add(new PromptDraw(prompt.promptId(), prompt.prompt(), sample));
    }
    Set<String> responses = new HashSet<>();
    generate(draws, 2, 7).forEach(rollout -> responses.add(rollout.response()));
    generate(draws, 2, 8).forEach(rollout -> responses.add(rollout.response()));
    assertThat(responses).hasSize(10);
  }

  @Test
  void tooLongPromptsAreLeftOut() {
    List<PromptDraw> draws = new ArrayList<>(draws(3));
    draws.add(new PromptDraw("long", List.of(Message.text("x".repeat(40))), 0));
    assertThat(generate(draws, 2, 7)).hasSize(3);
  }

  @Test
  void tooLongPromptsAreQuarantinedWithTheirPlace() throws IOException {
    Path input =
        Files.writeString(
            directory.resolve("prompts.jsonl"),
            """
            {"prompt": "short"}

            {"messages": [{"role": "user", "content": "a question that is much too long"}]}
            {"prompt": "another"}
            """);
    String quarantine = directory.resolve("quarantine").toString();
    JavaRDD<PlacedPrompt> prompts = new PlainInput(SPARK, DATASETS).prompts(input.toString());
    long refused =
        new PromptQuarantine(DATASETS, toys.policy(), new PromptLimit(20, OverLength.QUARANTINE))
            .publish(prompts, input.toString(), quarantine);
    assertThat(prompts.count()).isEqualTo(3);
    assertThat(refused).isEqualTo(1);
    QuarantinedRow row = DATASETS.read(quarantine, QuarantinedRow.class).first();
    assertThat(row.sourceFile()).isEqualTo(input.toString());
    assertThat(row.rowNumber()).isEqualTo(3);
    assertThat(row.reason()).isEqualTo("too_long");
    assertThat(row.detail()).endsWith(" tokens, allowed are 20");

    new PromptQuarantine(DATASETS, toys.policy(), new PromptLimit(20, OverLength.TRUNCATE_LEFT))
        .publish(prompts, input.toString(), quarantine);
    assertThat(DATASETS.isPublished(quarantine)).isFalse();
  }

  @Test
  void publishedPromptsAreReadWithTheirPlaces() {
    String published = directory.resolve("prompts").toString();
    List<Prompt> rows = ToyModels.prompts(5, Split.TRAIN);
    DATASETS.publish(published, Prompt.class, CONTEXT.parallelize(rows, 2), "test", List.of());
    List<PlacedPrompt> read = new PlainInput(SPARK, DATASETS).prompts(published).collect();
    assertThat(read).extracting(PlacedPrompt::prompt).containsExactlyInAnyOrderElementsOf(rows);
    assertThat(read).allMatch(placed -> placed.row().number() >= 1);
    assertThat(read).allMatch(placed -> placed.row().file().endsWith(".parquet"));
  }

  @Test
  void modelsInThePlaceOfOthersAreRefused() {
    assertThatThrownBy(() -> ExecutorModels.languageModel(toys.reward()))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith(toys.reward() + " is not a language model");
    CutTexts cut = CutTexts.of(SPARK.sparkContext());
    assertThatThrownBy(() -> new ResponseScorer(toys.policy(), ScoreConfig.DEFAULTS, 1, cut))
        .isInstanceOf(JobException.class)
        .hasMessageStartingWith(toys.policy() + " is not a reward model");
  }

  @Test
  void scoresTheTextWithAnEndTokenUnlessItWasCut() {
    List<Rollout> rollouts = generate(draws(30), 2, 7);
    Map<String, Score> scores = new HashMap<>();
    String output = directory.resolve("scores").toString();
    ScoreJob.Result result =
        new ScoreJob(SPARK, DATASETS, ScoreConfig.DEFAULTS)
            .execute(rolloutPath(), toys.reward(), output);
    assertThat(result.scores()).isEqualTo(30);
    DATASETS.read(output, Score.class).collect().forEach(s -> scores.put(s.rolloutId(), s));
    for (Rollout rollout : rollouts) {
      Score score = scores.get(rollout.rolloutId());
      assertThat(score.rawScore()).isCloseTo(expectedScore(rollout), within(NORM_EPSILON));
      boolean cut = rollout.finishReason() == FinishReason.LENGTH;
      assertThat(score.score()).isCloseTo(score.rawScore() - (cut ? 1 : 0), within(1e-12));
      assertThat(score.penalty().isPresent()).isEqualTo(cut);
    }
  }

  @Test
  void promptsThatTheRewardModelCannotHoldAreCountedAndLoseTheirStart() {
    int context = ExecutorModels.rewardModel(toys.reward()).config().contextLength();
    String end = "y".repeat(2 * context);
    List<ScoreRequest> requests =
        List.of(
            new ScoreRequest("short", List.of(Message.text("x")), "z", FinishReason.STOP),
            new ScoreRequest("end", List.of(Message.text(end)), "z", FinishReason.STOP),
            new ScoreRequest("long", List.of(Message.text("x" + end)), "z", FinishReason.STOP));
    String output = directory.resolve("scores").toString();

    ScoreJob.Result result =
        new ScoreJob(SPARK, DATASETS, ScoreConfig.DEFAULTS)
            .execute(CONTEXT.parallelize(requests, 2), List.of(), toys.reward(), output);

    assertThat(result.cutPrompts()).isEqualTo(2);
    Map<String, Double> scores = new HashMap<>();
    DATASETS.read(output, Score.class).collect().forEach(s -> scores.put(s.rolloutId(), s.score()));
    assertThat(scores.get("long")).isEqualTo(scores.get("end")).isNotEqualTo(scores.get("short"));
  }

  @Test
  void responsesThatTheRewardModelCannotHoldAreCountedAndLoseTheirEnd() {
    int context = ExecutorModels.rewardModel(toys.reward()).config().contextLength();
    String whole = "z".repeat(context - 1); // one token of the prompt stands before it
    List<Message> prompt = List.of(Message.text("the prompt\tz"));
    List<ScoreRequest> requests =
        List.of(
            new ScoreRequest("fits", prompt, whole.substring(1), FinishReason.STOP),
            new ScoreRequest("whole", prompt, whole, FinishReason.LENGTH),
            new ScoreRequest("no-end", prompt, whole, FinishReason.STOP),
            new ScoreRequest("cut", prompt, whole + "\t".repeat(context), FinishReason.STOP),
            new ScoreRequest("bytes", prompt, "\uFFFD".repeat(context / 2), FinishReason.LENGTH));
    String output = directory.resolve("scores").toString();

    ScoreJob.Result result;
    try (Warnings warnings = new Warnings()) {
      result =
          new ScoreJob(SPARK, DATASETS, ScoreConfig.DEFAULTS)
              .execute(CONTEXT.parallelize(requests, 2), List.of(), toys.reward(), output);
      assertThat(warnings.messages())
          .filteredOn(text -> text.contains("context of"))
          .containsExactly(
              "5 of 5 prompts do not fit into the context of "
                  + toys.reward()
                  + " and were scored without their start",
              "3 of 5 responses do not fit into the context of "
                  + toys.reward()
                  + " and were scored without their end");
    }

    assertThat(result.cutPrompts()).isEqualTo(5);
    assertThat(result.cutResponses()).isEqualTo(3);
    Map<String, Score> scores = new HashMap<>();
    DATASETS.read(output, Score.class).collect().forEach(s -> scores.put(s.rolloutId(), s));
    double best = scoreOfSigns(context, context);
    assertThat(scores.get("fits").rawScore())
        .isCloseTo(scoreOfSigns(context - 2, context), within(NORM_EPSILON));
    for (String id : List.of("whole", "no-end", "cut")) {
      assertThat(scores.get(id).rawScore()).as(id).isCloseTo(best, within(NORM_EPSILON));
    }
    assertThat(scores.get("bytes").rawScore())
        .isCloseTo(scoreOfSigns(2 - context, context), within(NORM_EPSILON));
    assertThat(scores.get("cut").penalty()).isEmpty();
    assertThat(scores.get("bytes").penalty()).isPresent();

    EnsembleConfig twice = new EnsembleConfig(List.of(toys.reward()), Rule.MEAN, 0);
    ScoreJob.Result ofBoth =
        new ScoreJob(SPARK, DATASETS, ScoreConfig.DEFAULTS, twice)
            .execute(CONTEXT.parallelize(requests, 2), List.of(), toys.reward(), output);
    assertThat(ofBoth.cutResponses()).isEqualTo(6);
  }

  @Test
  void bytesThatAreNoTextEndNeitherScoringNorTheChoice() {
    GenerationConfig generation =
        new GenerationConfig(40, 0, 0.9, 0, 1.0, 0.0, 1.0, false, 1, 2, 4, List.of());
    RolloutModels rolloutModels =
        RolloutModels.ofPolicy(toys.policy()).withRewardModel(toys.reward());
    try (Warnings warnings = new Warnings()) {
      new GenerateJob(SPARK, DATASETS, generation, ScoreConfig.DEFAULTS, DataConfig.DEFAULTS)
          .execute(CONTEXT.parallelize(draws(9), 2), rolloutModels, 7, 1, rolloutPath());
      assertThat(warnings.messages())
          .anyMatch(text -> text.matches("\\d+ of 18 responses do not fit into .* their end"));
    }
    ScoreJob.Result result =
        new ScoreJob(SPARK, DATASETS, ScoreConfig.DEFAULTS)
            .execute(rolloutPath(), toys.reward(), directory.resolve("scores").toString());
    int context = ExecutorModels.rewardModel(toys.reward()).config().contextLength();
    long tooLong =
        DATASETS.read(rolloutPath(), Rollout.class).collect().stream()
            .filter(rollout -> tokensToScore(rollout) > context - 1)
            .count();
    assertThat(result.scores()).isEqualTo(9);
    assertThat(result.cutResponses()).isEqualTo(tooLong).isPositive();
  }

  private static int tokensToScore(Rollout rollout) {
    int end = rollout.finishReason() == FinishReason.STOP ? 1 : 0;
    return ExecutorModels.encoder(toys.reward()).responseTokens(rollout.response()).length + end;
  }

  @Test
  void keepsTheResponseThatTheRewardModelPrefers() {
    int n = 3;
    List<PromptDraw> candidates = new ArrayList<>();
    for (PromptDraw draw : draws(9)) {
      for (int i = 0; i < n; i++) {
        candidates.add(new PromptDraw(draw.promptId(), draw.prompt(), i));
      }
    }
    Map<String, Rollout> best = new HashMap<>();
    Map<String, Double> scores = new HashMap<>();
    List<Rollout> all = generate(candidates, 2, 7);
    String output = directory.resolve("scores").toString();
    new ScoreJob(SPARK, DATASETS, ScoreConfig.DEFAULTS)
        .execute(rolloutPath(), toys.reward(), output);
    DATASETS.read(output, Score.class).collect().forEach(s -> scores.put(s.rolloutId(), s.score()));
    for (Rollout rollout : all) {
      best.merge(
          rollout.promptId(),
          rollout,
          (a, b) -> scores.get(a.rolloutId()) >= scores.get(b.rolloutId()) ? a : b);
    }

    List<PromptDraw> draws = new ArrayList<>(draws(9));
    draws.add(4, new PromptDraw("long", List.of(Message.text("x".repeat(40))), 0));
    List<Rollout> chosen = generateBest(draws, n);

    assertThat(chosen).hasSize(9);
    for (Rollout rollout : chosen) {
      Rollout expected = best.get(rollout.promptId());
      assertThat(rollout.rolloutId()).isEqualTo(expected.rolloutId());
      assertThat(rollout.responseTokens()).containsExactly(expected.responseTokens());
      assertThat(rollout.values().orElseThrow()).containsExactly(expected.values().orElseThrow());
    }
    assertThat(chosen).anyMatch(rollout -> !rollout.rolloutId().equals(first(rollout, all)));
  }

  /** Id of the first candidate of a rollout's prompt. */
  private static String first(Rollout rollout, List<Rollout> all) {
    String id = RolloutKey.of(7, 1, rollout.promptId(), 0).id();
    assertThat(all).anyMatch(candidate -> candidate.rolloutId().equals(id));
    return id;
  }

  @Test
  void aChoiceNeedsARewardModelAndCandidates() {
    assertThatThrownBy(() -> generateBest(draws(1), 1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("generation.best-of is 1");
    GenerationConfig generation =
        new GenerationConfig(12, 0, 0.9, 0, 1.0, 0.0, 1.0, false, 1, 3, 4, List.of());
    GenerateJob job =
        new GenerateJob(SPARK, DATASETS, generation, ScoreConfig.DEFAULTS, DataConfig.DEFAULTS);
    assertThatThrownBy(
            () ->
                job.execute(
                    CONTEXT.parallelize(draws(1), 1),
                    RolloutModels.ofPolicy(toys.policy()),
                    7,
                    1,
                    rolloutPath()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("generation.best-of is 3, but no reward model chooses");
  }

  /** The toy reward model by hand, from the text alone. */
  private static double expectedScore(Rollout rollout) {
    TextEncoder encoder = ExecutorModels.encoder(toys.reward());
    int[] prompt = encoder.tokenizer().encode(rollout.promptText());
    int[] response = encoder.responseTokens(rollout.response());
    double signs = 0;
    for (int[] tokens : List.of(prompt, response)) {
      for (int token : tokens) {
        String text = encoder.tokenizer().decode(new int[] {token});
        signs += ToyModels.isPrintable(text) ? 1 : -1;
      }
    }
    int count = prompt.length + response.length;
    if (rollout.finishReason() == FinishReason.STOP) {
      signs -= 1;
      count++;
    }
    return scoreOfSigns(signs, count);
  }

  /** One for each token that the toy reward model likes, minus one for each other. */
  private static double scoreOfSigns(double signs, int count) {
    double mean = 3 * signs / count;
    return mean / Math.sqrt(1 + mean * mean);
  }

  private List<Rollout> generate(List<PromptDraw> draws, int partitions, long seed) {
    RolloutModels rolloutModels =
        RolloutModels.ofPolicy(toys.policy())
            .withReference(toys.policy())
            .withCritic(toys.reward());
    new GenerateJob(SPARK, DATASETS, GENERATION, ScoreConfig.DEFAULTS, DataConfig.DEFAULTS)
        .execute(CONTEXT.parallelize(draws, partitions), rolloutModels, seed, 1, rolloutPath());
    List<Rollout> rollouts = new ArrayList<>(DATASETS.read(rolloutPath(), Rollout.class).collect());
    rollouts.sort(Comparator.comparing(Rollout::rolloutId));
    return rollouts;
  }

  private String rolloutPath() {
    return directory.resolve("rollouts").toString();
  }

  /** The same with n candidates for each draw. */
  private List<Rollout> generateBest(List<PromptDraw> draws, int n) {
    GenerationConfig generation =
        new GenerationConfig(12, 0, 0.9, 0, 1.0, 0.0, 1.0, false, 1, n, 4, List.of());
    RolloutModels rolloutModels =
        RolloutModels.ofPolicy(toys.policy())
            .withCritic(toys.reward())
            .withRewardModel(toys.reward());
    new GenerateJob(SPARK, DATASETS, generation, ScoreConfig.DEFAULTS, DataConfig.DEFAULTS)
        .execute(CONTEXT.parallelize(draws, 2), rolloutModels, 7, 1, rolloutPath());
    return DATASETS.read(rolloutPath(), Rollout.class).collect();
  }

  private static List<PromptDraw> draws(int count) {
    return ToyModels.prompts(count, Split.TRAIN).stream()
        .map(prompt -> new PromptDraw(prompt.promptId(), prompt.prompt(), 0))
        .toList();
  }
}
