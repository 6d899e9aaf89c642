package org.rlhf4j.jobs.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.data.dataset.Evaluation;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.rollout.GenerateJob;
import org.rlhf4j.jobs.rollout.PromptDraw;
import org.rlhf4j.jobs.rollout.RolloutModels;
import org.rlhf4j.jobs.rollout.ScoreJob;
import org.rlhf4j.rlhf.KlPenalty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Responses of one policy to the held-out prompts, judged. */
final class PolicyEvaluation {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyEvaluation.class);

  private final JavaSparkContext spark;
  private final Datasets datasets;
  private final EvaluateSettings settings;
  private final Optional<GoldScorer> gold;
  private final GenerateJob generateRollouts;
  private final ScoreJob scoreResponses;

  PolicyEvaluation(
      SparkSession spark, Datasets datasets, EvaluateSettings settings, Optional<GoldScorer> gold) {
    this.spark = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.datasets = datasets;
    this.settings = settings;
    this.gold = gold;
    GenerationConfig generation = settings.generation();
    this.generateRollouts =
        new GenerateJob(spark, datasets, generation, settings.score(), settings.data());
    this.scoreResponses = new ScoreJob(spark, datasets, settings.score(), settings.ensemble());
  }

  /**
   * Samples, scores and judges; publishes {@code rollouts} and {@code scores} on the way.
   *
   * @param output directory of this evaluation
   * @return in the order of the prompts
   */
  List<Evaluation> execute(
      String checkpointId,
      RolloutModels models,
      String rewardModel,
      List<Prompt> prompts,
      String output) {
    return execute(
        checkpointId,
        models,
        rewardModel,
        prompts,
        settings.generation().samplesPerPrompt(),
        output);
  }

  /**
   * The best of 1, 2, 4, ... responses of a policy, chosen by the reward model.
   *
   * @param models policy and reference
   * @return empty if {@code evaluate.best-of} asks for none
   */
  Optional<BestOfCurve> bestOf(
      RolloutModels models, String rewardModel, List<Prompt> prompts, String output) {
    int most = settings.evaluate().bestOf();
    if (most < 2) {
      return Optional.empty();
    }
    Map<String, List<Evaluation>> byPrompt = new LinkedHashMap<>();
    for (Evaluation response :
        execute("best-of-" + most, models, rewardModel, prompts, most, output)) {
      byPrompt.computeIfAbsent(response.promptId(), id -> new ArrayList<>()).add(response);
    }
    return BestOfCurve.of(List.copyOf(byPrompt.values()), most);
  }

  private List<Evaluation> execute(
      String checkpointId,
      RolloutModels models,
      String rewardModel,
      List<Prompt> prompts,
      int samplesPerPrompt,
      String output) {
    String rollouts = output + "/evaluation-rollouts/" + checkpointId;
    String scores = output + "/evaluation-scores/" + checkpointId;
    long responses =
        generateRollouts
            .execute(
                draws(prompts, samplesPerPrompt), models, settings.evaluationSeed(), 0, rollouts)
            .rollouts();
    if (responses == 0) {
      throw JobException.badInput(
          "None of the %d held-out prompts fits into the context of %s; lower"
              + " generation.max-new-tokens or set data.over-length to truncate-left",
          prompts.size(), models.policy());
    }
    long asked = (long) prompts.size() * samplesPerPrompt;
    if (responses < asked) {
      LOG.warn(
          "{}: {} of {} responses to held-out prompts are missing, as their prompts do not fit into"
              + " the context; see data.over-length",
          checkpointId,
          asked - responses,
          asked);
    }
    scoreResponses.forgetMembers(rewardModel, scores);
    scoreResponses.execute(rollouts, rewardModel, scores);
    return judge(checkpointId, prompts, rollouts, scores);
  }

  private JavaRDD<PromptDraw> draws(List<Prompt> prompts, int samplesPerPrompt) {
    List<PromptDraw> draws = new ArrayList<>();
    for (Prompt prompt : prompts) {
      for (int sample = 0; sample < samplesPerPrompt; sample++) {
        draws.add(new PromptDraw(prompt.promptId(), prompt.prompt(), sample));
      }
    }
    return spark.parallelize(draws, Math.min(draws.size(), spark.defaultParallelism()));
  }

  private List<Evaluation> judge(
      String checkpointId, List<Prompt> prompts, String rollouts, String scores) {
    Map<String, Score> scoreById = new HashMap<>();
    datasets.read(scores, Score.class).collect().forEach(s -> scoreById.put(s.rolloutId(), s));
    Map<String, Prompt> promptById = new HashMap<>();
    Map<String, Integer> place = new HashMap<>();
    for (Prompt prompt : prompts) {
      place.put(prompt.promptId(), place.size());
      promptById.put(prompt.promptId(), prompt);
    }
    return datasets.read(rollouts, Rollout.class).collect().stream()
        .sorted(
            Comparator.comparing((Rollout rollout) -> place.get(rollout.promptId()))
                .thenComparing(Rollout::rolloutId))
        .map(
            rollout ->
                evaluation(
                    checkpointId,
                    rollout,
                    scoreById.get(rollout.rolloutId()),
                    promptById.get(rollout.promptId()).prompt()))
        .toList();
  }

  private Evaluation evaluation(
      String checkpointId, Rollout rollout, Score score, List<Message> prompt) {
    return new Evaluation(
        checkpointId,
        rollout.promptId(),
        rollout.promptText(),
        rollout.response(),
        score.score(),
        gold.map(judge -> judge.score(prompt, rollout.response())),
        KlPenalty.ofResponse(rollout.logprobs(), rollout.refLogprobs().orElseThrow()),
        rollout.responseTokens().length);
  }
}
