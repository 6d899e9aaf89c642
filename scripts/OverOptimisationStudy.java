import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.ConfigFormat;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.checkpoint.CheckpointStore;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.demo.DemoData;
import org.rlhf4j.jobs.demo.DemoGold;
import org.rlhf4j.jobs.model.InitJob;
import org.rlhf4j.jobs.pipeline.RunConfig;
import org.rlhf4j.jobs.ppo.PpoJob;
import org.rlhf4j.jobs.ppo.PpoLayout;
import org.rlhf4j.jobs.prepare.PrepareJob;
import org.rlhf4j.jobs.rollout.GenerateJob;
import org.rlhf4j.jobs.rollout.PromptDraw;
import org.rlhf4j.jobs.rollout.RolloutModels;
import org.rlhf4j.jobs.rollout.ScoreJob;
import org.rlhf4j.jobs.rollout.ScoreRequest;
import org.rlhf4j.jobs.rollout.StableHash;
import org.rlhf4j.jobs.tokenizer.TrainTokenizerJob;
import org.rlhf4j.jobs.train.RewardJob;
import org.rlhf4j.jobs.train.SftJob;
import org.rlhf4j.rlhf.BestOfN;
import org.rlhf4j.rlhf.OverOptimisation;

/**
 * Best of n by reward models of few and of many comparisons, judged by the demonstration's gold
 * reward: where does choosing more begin to hurt? Run by over-optimisation.
 *
 * <p>CONFIG DIRECTORY PROMPTS SAMPLES STEPS SIZES SEEDS ITERATIONS, sizes and seeds separated by commas; what lies
 * in the directory already is used again.
 */
public final class OverOptimisationStudy {
  /** Draws of seeds and prompts behind an interval. */
  private static final int REPLICATES = 2000;

  private final SparkSession spark;
  private final JavaSparkContext context;
  private final Datasets datasets;
  private final String config;
  private final Path directory;
  private final int steps;

  private OverOptimisationStudy(SparkSession spark, String config, Path directory, int steps) {
    this.spark = spark;
    this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.datasets = new Datasets(spark, Datasets.OutputFormat.PARQUET);
    this.config = config;
    this.directory = directory;
    this.steps = steps;
  }

  /** All responses to a prompt. */
  private record Samples(double[] scores, double[] gold) {}

  /** Of the best of 1, 2, 4, ... over the mean response. */
  private record Gains(double[] proxy, double[] gold) {
    static Gains mean(List<Gains> all) {
      return new Gains(
          OverOptimisationStudy.mean(all.stream().map(Gains::proxy).toList()),
          OverOptimisationStudy.mean(all.stream().map(Gains::gold).toList()));
    }
  }

  /** Of one size of reward model: a seed's list of prompts' gains for every seed. */
  private record Curves(int size, List<List<Gains>> bySeed) {
    /** Peak of the curve fitted to the mean of some seeds and prompts, which may repeat. */
    double peak(int[] seeds, int[] prompts) {
      List<double[]> chosen = new ArrayList<>();
      for (int seed : seeds) {
        for (int prompt : prompts) {
          chosen.add(bySeed.get(seed).get(prompt).gold());
        }
      }
      return fit(mean(chosen)).peak();
    }
  }

  public static void main(String[] arguments) throws IOException {
    int prompts = Integer.parseInt(arguments[2]);
    int samples = Integer.parseInt(arguments[3]);
    int[] sizes = numbers(arguments[5]);
    int[] seeds = numbers(arguments[6]);
    try (SparkSession spark = session()) {
      OverOptimisationStudy study =
          new OverOptimisationStudy(
              spark,
              Files.readString(Path.of(arguments[0])),
              Path.of(arguments[1]),
              Integer.parseInt(arguments[4]));
      study.prepare();
      List<Rollout> rollouts = study.sample(prompts, samples);
      print("%d prompts, %d responses each, mean gold reward %.3f", prompts, samples,
          rollouts.stream().mapToDouble(OverOptimisationStudy::gold).average().orElseThrow());
      List<Curves> curves = new ArrayList<>();
      for (int size : sizes) {
        List<List<Gains>> bySeed = new ArrayList<>();
        for (int seed : seeds) {
          List<Gains> byPrompt = study.gains(rollouts, size, seed);
          bySeed.add(byPrompt);
          report(size + " comparisons, seed " + seed, Gains.mean(byPrompt));
        }
        curves.add(new Curves(size, bySeed));
        report(
            size + " comparisons, mean", Gains.mean(bySeed.stream().map(Gains::mean).toList()));
      }
      compare(curves);
      int iterations = Integer.parseInt(arguments[7]);
      for (int size : iterations > 0 ? sizes : new int[0]) {
        for (int seed : seeds) {
          study.ppo(size, seed, iterations);
        }
      }
    }
  }

  private static SparkSession session() {
    return SparkSession.builder()
        .master("local[*]")
        .appName("over-optimisation")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "8")
        .getOrCreate();
  }

  private static int[] numbers(String list) {
    return Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray();
  }

  private RunConfig config(String... overrides) {
    return RunConfig.format()
        .read(
            Optional.of(new ConfigFormat.Source("the configuration", config)), List.of(overrides));
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }

  private boolean isThere(String model) {
    return Files.exists(directory.resolve(model).resolve("manifest.json"));
  }

  /** Data of the demonstration, and a first policy. */
  private void prepare() {
    RunConfig settings = config();
    if (isThere("sft")) {
      return;
    }
    new DemoData(settings.demo(), settings.rlhf().seed()).write(path("raw"));
    new PrepareJob(spark, settings.rlhf().prepare(), settings.rlhf().data())
        .execute(List.of(path("raw") + "/*.jsonl"), "auto", path("datasets"));
    new TrainTokenizerJob(spark)
        .execute(
            List.of(path("datasets/demonstrations"), path("datasets/preferences")),
            settings.rlhf().tokenizer().vocabSize(),
            path("tokenizer"));
    new InitJob()
        .execute(
            path("tokenizer"), settings.rlhf().model(), settings.rlhf().seed(), path("init"));
    new SftJob(spark, settings.sftSettings())
        .execute(path("init"), path("datasets/demonstrations"), path("sft"));
  }

  /** Responses of the first policy to held-out prompts. */
  private List<Rollout> sample(int prompts, int samples) {
    RunConfig settings = config();
    String rollouts = path("rollouts-" + prompts + "-" + samples);
    if (!datasets.isPublished(rollouts)) {
      List<Prompt> heldOut =
          datasets.read(path("datasets/prompts"), Prompt.class).collect().stream()
              .filter(prompt -> prompt.split() == Split.TEST)
              .sorted(Comparator.comparing(prompt -> StableHash.of(prompt.promptId())))
              .limit(prompts)
              .toList();
      List<PromptDraw> draws = new ArrayList<>();
      for (Prompt prompt : heldOut) {
        for (int i = 0; i < samples; i++) {
          draws.add(new PromptDraw(prompt.promptId(), prompt.prompt(), i));
        }
      }
      new GenerateJob(
              spark,
              datasets,
              settings.rlhf().generation(),
              settings.rlhf().score(),
              settings.rlhf().data())
          .execute(
              context.parallelize(draws, 2 * spark.sparkContext().defaultParallelism()),
              RolloutModels.ofPolicy(path("sft")),
              settings.rlhf().seed(),
              0,
              rollouts);
    }
    return datasets.read(rollouts, Rollout.class).collect().stream()
        .sorted(Comparator.comparing(Rollout::rolloutId))
        .toList();
  }

  /** Of each prompt, by a reward model of so many comparisons. */
  private List<Gains> gains(List<Rollout> rollouts, int size, int seed) {
    String name = size + "-" + seed;
    if (!isThere("reward-" + name)) {
      train(size, seed, name);
    }
    String scores = path("scores-" + name + "-" + rollouts.size());
    if (!datasets.isPublished(scores)) {
      String input = path("rollouts-of-" + rollouts.size());
      JavaRDD<ScoreRequest> requests =
          context
              .parallelize(rollouts, 4)
              .map(rollout -> ScoreRequest.of(rollout));
      new ScoreJob(spark, datasets, config("score.missing-end=none").rlhf().score())
          .execute(requests, List.of(input), path("reward-" + name), scores);
    }
    Map<String, Double> scoreById = new HashMap<>();
    datasets
        .read(scores, Score.class)
        .collect()
        .forEach(score -> scoreById.put(score.rolloutId(), score.score()));
    return byPrompt(rollouts, scoreById).stream()
        .map(one -> new Gains(gains(one, one.scores()), gains(one, one.gold())))
        .toList();
  }

  private static double[] gains(Samples samples, double[] values) {
    int sizes = Integer.SIZE - Integer.numberOfLeadingZeros(values.length);
    double mean = Arrays.stream(values).average().orElseThrow();
    double[] gains = new double[sizes];
    for (int i = 1; i < sizes; i++) {
      gains[i] = BestOfN.expectedValue(samples.scores(), values, 1 << i) - mean;
    }
    return gains;
  }

  /**
   * Fitted peaks and how far more comparisons move them, with intervals: seeds and prompts are drawn
   * anew with repetition, the same for all sizes.
   */
  private static void compare(List<Curves> curves) {
    int seeds = curves.get(0).bySeed().size();
    int prompts = curves.get(0).bySeed().get(0).size();
    Random random = new Random(REPLICATES);
    double[][] peaks = new double[curves.size()][REPLICATES];
    for (int replicate = 0; replicate < REPLICATES; replicate++) {
      int[] ofSeeds = random.ints(seeds, 0, seeds).toArray();
      int[] ofPrompts = random.ints(prompts, 0, prompts).toArray();
      for (int i = 0; i < peaks.length; i++) {
        peaks[i][replicate] = curves.get(i).peak(ofSeeds, ofPrompts);
      }
    }
    for (int i = 0; i < peaks.length; i++) {
      print("%d comparisons: peak at d in [%s]", curves.get(i).size(), interval(peaks[i]));
      for (int j = 0; j < i; j++) {
        double[] moves = new double[REPLICATES];
        for (int replicate = 0; replicate < REPLICATES; replicate++) {
          moves[replicate] = peaks[i][replicate] - peaks[j][replicate];
        }
        print("  less that of %d: [%s], above 0 in %.1f %% of the draws", curves.get(j).size(),
            interval(moves), 100.0 / REPLICATES * Arrays.stream(moves).filter(m -> m > 0).count());
      }
    }
  }

  private static String interval(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return String.format(
        Locale.ROOT,
        "%.2f, %.2f",
        sorted[(int) (0.025 * sorted.length)],
        sorted[(int) (0.975 * sorted.length)]);
  }

  /** The same for PPO, whose penalty is too weak to hold it back: score and gold by iteration. */
  private void ppo(int size, int seed, int iterations) throws IOException {
    String name = size + "-" + seed;
    RunConfig settings =
        config(
            "seed=" + seed,
            "trainer.workers=1",
            "kl.controller=fixed",
            "kl.coefficient=0.01",
            "ppo.iterations=" + iterations,
            "ppo.responses-per-iteration=256",
            "ppo.minibatch-size=64");
    List<String> lines =
        new PpoJob(spark, datasets, new CheckpointStore(), settings.ppoSettings())
            .watchedBy(Optional.of(new DemoGold()))
            .execute(
                new PpoJob.Inputs(
                    path("sft"), path("reward-" + name), path("datasets/prompts")),
                new PpoLayout(path("ppo-" + name)))
            .metrics();
    double[] distances = new double[lines.size()];
    double[] gains = new double[lines.size()];
    double start = 0;
    StringBuilder table = new StringBuilder();
    for (int i = 0; i < gains.length; i++) {
      JsonNode line = new ObjectMapper().readTree(lines.get(i));
      double gold = line.get("objective/gold-score").asDouble();
      start = i == 0 ? gold : start;
      gains[i] = gold - start;
      distances[i] = Math.sqrt(Math.max(0, line.get("objective/kl").asDouble()));
      table.append(
          String.format(
              Locale.ROOT,
              " (%.2f, %.2f, %.2f)",
              distances[i],
              line.get("objective/score").asDouble(),
              gains[i]));
    }
    OverOptimisation fit =
        OverOptimisation.fit(OverOptimisation.Form.REINFORCEMENT_LEARNING, distances, gains);
    int highest = 0;
    for (int i = 1; i < gains.length; i++) {
      highest = gains[i] > gains[highest] ? i : highest;
    }
    print("PPO, %d comparisons, seed %d: (d, score, gold gain)%s", size, seed, table);
    print("  highest gain %.3f at d = %.2f; fitted d (%.3f - %.3f log d), peak at d = %.2f",
        gains[highest], distances[highest], fit.alpha(), fit.beta(), fit.peak());
  }

  /** One pass over the comparisons, and as many as the least number of steps takes. */
  private void train(int size, int seed, String name) {
    RunConfig settings = config("seed=" + seed);
    int batch = settings.rlhf().rewardOptimizer().batchSize();
    int taken = Math.max(steps, (size + batch - 1) / batch);
    int epochs = (taken * batch + size - 1) / size;
    List<PreferencePair> chosen =
        datasets.read(path("datasets/preferences"), PreferencePair.class).collect().stream()
            .filter(pair -> pair.split() == Split.TRAIN && pair.pairId().equals(pair.groupId()))
            .sorted(Comparator.comparing(pair -> StableHash.of(seed, pair.pairId())))
            .limit(size)
            .toList();
    String rows = path("comparisons-" + name);
    datasets.publish(
        rows, PreferencePair.class, context.parallelize(chosen, 1), "study", List.of());
    RunConfig training =
        config(
            "seed=" + seed,
            "trainer.workers=1",
            "reward.epochs=" + epochs,
            "reward.max-steps=" + taken,
            "reward.warmup-steps=" + Math.min(80, taken / 4));
    new RewardJob(spark, training.rlhf().reward(), training.rewardSettings())
        .execute(path("sft"), rows, path("reward-" + name));
  }

  private static List<Samples> byPrompt(List<Rollout> rollouts, Map<String, Double> scores) {
    Map<String, List<Rollout>> groups = new TreeMap<>();
    rollouts.forEach(r -> groups.computeIfAbsent(r.promptId(), id -> new ArrayList<>()).add(r));
    return groups.values().stream()
        .map(
            group ->
                new Samples(
                    group.stream().mapToDouble(r -> scores.get(r.rolloutId())).toArray(),
                    group.stream().mapToDouble(OverOptimisationStudy::gold).toArray()))
        .toList();
  }

  private static double gold(Rollout rollout) {
    return new DemoGold().score(List.of(Message.text(rollout.promptText())), rollout.response());
  }

  private static double[] mean(List<double[]> curves) {
    double[] mean = new double[curves.get(0).length];
    for (double[] curve : curves) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += curve[i] / curves.size();
      }
    }
    return mean;
  }

  private static double[] distances(int count) {
    double[] distances = new double[count];
    Arrays.setAll(distances, i -> Math.sqrt(BestOfN.kl(1 << i)));
    return distances;
  }

  private static OverOptimisation fit(double[] gains) {
    return OverOptimisation.fit(
        OverOptimisation.Form.BEST_OF_N, distances(gains.length), gains);
  }

  private static void report(String name, Gains both) {
    double[] gains = both.gold();
    double[] distances = distances(gains.length);
    int highest = 0;
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < gains.length; i++) {
      highest = gains[i] > gains[highest] ? i : highest;
      line.append(String.format(Locale.ROOT, " (%.2f, %.2f, %.3f)", distances[i], both.proxy()[i], gains[i]));
    }
    OverOptimisation fit =
        OverOptimisation.fit(OverOptimisation.Form.BEST_OF_N, distances, gains);
    print("%s: (d, proxy gain, gold gain)%s", name, line);
    print("  highest gold gain %.3f at n = %d, d = %.2f; fitted d (%.3f - %.3f d), peak at d = %.2f",
        gains[highest], 1 << highest, distances[highest], fit.alpha(), fit.beta(), fit.peak());
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
    System.out.flush();
  }
}
