package org.rlhf4j.jobs.ppo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.AdvantagesConfig;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.DpoConfig;
import org.rlhf4j.config.EnsembleConfig;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.config.KlConfig;
import org.rlhf4j.config.LoraConfig;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.PolicyObjectiveConfig;
import org.rlhf4j.config.PpoConfig;
import org.rlhf4j.config.PpoConfig.Algorithm;
import org.rlhf4j.config.PretrainingConfig;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.config.TrainerConfig;
import org.rlhf4j.config.TrustRegionConfig;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.checkpoint.CheckpointStore;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;

/** Small on-policy runs for tests: responses of printable characters are better. */
final class ToyRuns {
  static final SparkSession SPARK = SparkTests.session();
  static final JavaSparkContext CONTEXT = JavaSparkContext.fromSparkContext(SPARK.sparkContext());
  static final Datasets DATASETS = new Datasets(SPARK, OutputFormat.PARQUET);
  static final int RESPONSES = 32;
  static final double HORIZON = 1000;
  static final double ENTROPY_COEFFICIENT = 0.01;
  static final GenerationConfig GENERATION = generation(1);

  private static final ObjectMapper JSON = new ObjectMapper();

  private ToyRuns() {}

  static GenerationConfig generation(int samplesPerPrompt) {
    return new GenerationConfig(8, 0, 1.0, 0, 1.0, false, samplesPerPrompt, 16, List.of());
  }

  /** Models, and prompts of the splits train and test. */
  static PpoJob.Inputs inputs(Path directory) {
    ToyModels toys = new ToyModels(directory);
    String prompts = directory.resolve("prompts").toString();
    List<Prompt> rows =
        Stream.of(Split.TRAIN, Split.TEST)
            .flatMap(split -> ToyModels.prompts(20, split).stream())
            .toList();
    DATASETS.publish(prompts, Prompt.class, CONTEXT.parallelize(rows, 3), "test", List.of());
    return new PpoJob.Inputs(toys.policy(), toys.reward(), prompts);
  }

  static PpoJob job(PpoSettings settings) {
    return new PpoJob(SPARK, DATASETS, new CheckpointStore(), settings);
  }

  static PpoSettings settings(int iterations, GenerationConfig generation) {
    return settings(iterations, generation, 0, HORIZON);
  }

  static PpoSettings settings(
      int iterations, GenerationConfig generation, int maxSteps, double horizon) {
    return settings(iterations, generation, maxSteps, horizon, LoraConfig.DEFAULTS);
  }

  static PpoSettings settings(
      int iterations, GenerationConfig generation, int maxSteps, double horizon, LoraConfig lora) {
    PpoConfig ppo =
        new PpoConfig(Algorithm.PPO, iterations, RESPONSES, 16, 0.2, 1.0, 0.95, 0, 3e-3, 9);
    OptimizerConfig optimizer =
        new OptimizerConfig(
            2,
            maxSteps,
            64,
            0.03,
            OptimizerConfig.Schedule.CONSTANT,
            0,
            OptimizerConfig.Updater.ADAM,
            1e-5,
            0,
            1);
    KlConfig kl =
        new KlConfig(
            0.01,
            KlConfig.Controller.ADAPTIVE,
            3,
            horizon,
            KlConfig.Estimator.K1,
            KlConfig.Place.REWARD);
    return new PpoSettings(
        ppo,
        fallingBonus(0, PolicyObjectiveConfig.Aggregation.TOKENS),
        TrustRegionConfig.DEFAULTS,
        PretrainingConfig.DEFAULTS,
        DpoConfig.DEFAULTS,
        optimizer,
        TrainerConfig.DEFAULTS,
        lora,
        generation,
        kl,
        AdvantagesConfig.DEFAULTS,
        new ScoreConfig(ScoreConfig.MissingEnd.NONE, 0),
        EnsembleConfig.DEFAULTS,
        DataConfig.DEFAULTS,
        3);
  }

  private static PolicyObjectiveConfig fallingBonus(
      double dualClip, PolicyObjectiveConfig.Aggregation aggregation) {
    return new PolicyObjectiveConfig(
        PolicyObjectiveConfig.Objective.AUTO,
        0.2,
        dualClip,
        1,
        0.01,
        ENTROPY_COEFFICIENT,
        PolicyObjectiveConfig.EntropySchedule.LINEAR,
        aggregation);
  }

  /** GRPO with its penalty in the loss, the others with theirs in the rewards. */
  static PpoSettings settings(Algorithm algorithm) {
    PpoSettings like = settings(2, GENERATION);
    KlConfig kl = like.kl();
    KlConfig.Place place =
        algorithm == Algorithm.GRPO ? KlConfig.Place.LOSS : KlConfig.Place.REWARD;
    return new PpoSettings(
        new PpoConfig(algorithm, 2, RESPONSES / 2, 8, 0.2, 1.0, 0.95, 0, 3e-3, 9),
        fallingBonus(3, PolicyObjectiveConfig.Aggregation.RESPONSES),
        new TrustRegionConfig(0.01, 0.1, 3, 10),
        like.pretraining(),
        like.dpo(),
        like.optimizer(),
        like.trainer(),
        like.lora(),
        generation(4),
        new KlConfig(0.1, kl.controller(), kl.target(), kl.horizon(), KlConfig.Estimator.K3, place),
        AdvantagesConfig.DEFAULTS,
        like.score(),
        like.ensemble(),
        like.data(),
        5);
  }

  /** The same with so many iterations and pretraining rows. */
  static PpoSettings with(PpoSettings like, int iterations, PretrainingConfig pretraining) {
    PpoConfig ppo = like.ppo();
    return new PpoSettings(
        new PpoConfig(
            ppo.algorithm(),
            iterations,
            ppo.responsesPerIteration(),
            ppo.minibatchSize(),
            ppo.valueClipRange(),
            ppo.gamma(),
            ppo.gaeLambda(),
            ppo.targetKl(),
            ppo.criticLearningRate(),
            ppo.keepCheckpoints()),
        like.objective(),
        like.trustRegion(),
        pretraining,
        like.dpo(),
        like.optimizer(),
        like.trainer(),
        like.lora(),
        like.generation(),
        like.kl(),
        like.advantages(),
        like.score(),
        like.ensemble(),
        like.data(),
        like.seed());
  }

  /** The same with further reward models. */
  static PpoSettings with(PpoSettings like, EnsembleConfig ensemble) {
    return new PpoSettings(
        like.ppo(),
        like.objective(),
        like.trustRegion(),
        like.pretraining(),
        like.dpo(),
        like.optimizer(),
        like.trainer(),
        like.lora(),
        like.generation(),
        like.kl(),
        like.advantages(),
        like.score(),
        ensemble,
        like.data(),
        like.seed());
  }

  static byte[] weights(String model) throws IOException {
    return Files.readAllBytes(Path.of(model, "model.safetensors"));
  }

  static List<String> withoutTimes(List<String> lines) {
    return lines.stream().map(ToyRuns::withoutTimes).toList();
  }

  private static String withoutTimes(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      ((ObjectNode) node)
          .remove(
              Stream.of("generate", "score", "advantages", "update", "iteration")
                  .map(stage -> "seconds/" + stage)
                  .toList());
      return node.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static void copy(PpoLayout from, PpoLayout to, String relative) throws IOException {
    Path source = Path.of(from.root(), relative);
    Path target = Path.of(to.root(), relative);
    try (Stream<Path> paths = Files.walk(source)) {
      for (Path path : paths.toList()) {
        Path copy = target.resolve(source.relativize(path));
        Files.createDirectories(copy.getParent());
        Files.copy(path, copy);
      }
    }
  }
}
