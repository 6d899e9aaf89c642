import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.AdvantagesConfig;
import org.rlhf4j.config.KlConfig;
import org.rlhf4j.config.PpoConfig;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.rollout.AdvantageSettings;
import org.rlhf4j.jobs.rollout.AdvantagesJob;
import org.rlhf4j.jobs.rollout.IterationScalars;
import org.rlhf4j.jobs.rollout.RolloutKey;
import org.rlhf4j.rlhf.AdvantageEstimator;
import org.rlhf4j.rlhf.KlPenalty;
import org.rlhf4j.rlhf.Moments;

/**
 * Rewards and advantages of made-up rollouts: how fast in memory, and how fast as a stage. Every row
 * is a function of its number. Run by bench-advantages.
 *
 * <p>generate ROWS TOKENS FILES DIRECTORY | memory TOKENS SECONDS | stage DIRECTORY TOKENS TURNS
 */
public final class AdvantagesBench {
  private static final int PROMPT_TOKENS = 32;
  private static final int VOCABULARY = 50_257;
  private static final String TEXT = "What is the capital of Peru? Please answer in one sentence. ";
  private static final double COEFFICIENT = 0.05;
  private static final int RESPONSES = 4096; // 64 tokens each are 4 MiB, more than a cache holds

  private AdvantagesBench() {}

  public static void main(String[] arguments) {
    switch (arguments[0]) {
      case "generate" ->
          generate(
              Integer.parseInt(arguments[1]),
              Integer.parseInt(arguments[2]),
              Integer.parseInt(arguments[3]),
              arguments[4]);
      case "memory" -> memory(Integer.parseInt(arguments[1]), Double.parseDouble(arguments[2]));
      case "stage" ->
          stage(arguments[1], Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("bench-advantages")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.caseSensitive", "true")
        .getOrCreate();
  }

  private static void generate(int rows, int tokens, int files, String directory) {
    try (SparkSession spark = session()) {
      Datasets datasets = new Datasets(spark, Datasets.OutputFormat.PARQUET);
      JavaRDD<Integer> numbers =
          JavaSparkContext.fromSparkContext(spark.sparkContext())
              .parallelize(IntStream.range(0, rows).boxed().toList(), files);
      datasets.publish(
          directory + "/rollouts",
          Rollout.class,
          numbers.map(i -> rollout(i, tokens)),
          "bench",
          List.of());
      datasets.publish(
          directory + "/scores", Score.class, numbers.map(i -> score(i)), "bench", List.of());
    }
  }

  private static Rollout rollout(int number, int tokens) {
    SplittableRandom random = new SplittableRandom(number);
    RolloutKey key = RolloutKey.of(0, 1, "prompt " + number, 0);
    float[] logprobs = logprobs(random, tokens);
    float[] refLogprobs = logprobs.clone();
    float[] values = new float[tokens];
    for (int t = 0; t < tokens; t++) {
      refLogprobs[t] += (float) (0.2 * (random.nextDouble() - 0.5));
      values[t] = (float) (random.nextDouble() - 0.5);
    }
    return new Rollout(
        key.id(),
        RolloutKey.of(0, 0, "prompt " + number, 0).id(),
        TEXT + number,
        TEXT.repeat(4),
        tokens(random, PROMPT_TOKENS),
        tokens(random, tokens),
        logprobs,
        Optional.of(refLogprobs),
        Optional.of(values),
        FinishReason.STOP,
        key.seed());
  }

  private static Score score(int number) {
    double score = new SplittableRandom(-number).nextDouble();
    return new Score(RolloutKey.of(0, 1, "prompt " + number, 0).id(), score, score, Optional.empty());
  }

  private static int[] tokens(SplittableRandom random, int count) {
    int[] tokens = new int[count];
    for (int t = 0; t < count; t++) {
      tokens[t] = random.nextInt(VOCABULARY);
    }
    return tokens;
  }

  private static float[] logprobs(SplittableRandom random, int count) {
    float[] logprobs = new float[count];
    for (int t = 0; t < count; t++) {
      logprobs[t] = (float) Math.log(1 - random.nextDouble());
    }
    return logprobs;
  }

  /** On one thread: KL, rewards, advantages, returns of one response after the other. */
  private static void memory(int tokens, double seconds) {
    Rollout[] rollouts = new Rollout[RESPONSES];
    for (int i = 0; i < RESPONSES; i++) {
      rollouts[i] = rollout(i, tokens);
    }
    AdvantageEstimator estimator = new AdvantageEstimator.Gae(1.0, 0.95);
    double best = 0;
    double total = 0;
    double spent = 0;
    long counted = 0;
    for (long begin = System.nanoTime(); System.nanoTime() - begin < 2e9 * seconds; ) {
      long start = System.nanoTime();
      for (Rollout rollout : rollouts) {
        total += estimate(estimator, rollout);
      }
      double time = (System.nanoTime() - start) * 1e-9;
      best = Math.max(best, (double) RESPONSES * tokens / time);
      if (start - begin > 1e9 * seconds) { // the first half warms up
        spent += time;
        counted += (long) RESPONSES * tokens;
      }
    }
    print("in memory, one thread, responses of %d tokens: %.0f million tokens/s, best %.0f (%s)",
        tokens, counted / spent / 1e6, best / 1e6, Double.isNaN(total) ? "?" : "checked");
  }

  private static double estimate(AdvantageEstimator estimator, Rollout rollout) {
    float[] kl =
        KlPenalty.toReference(
            rollout.logprobs(), rollout.refLogprobs().orElseThrow(), KlConfig.Estimator.K1);
    float[] rewards = KlPenalty.shapeRewards(1.0, kl, COEFFICIENT);
    AdvantageEstimator.Estimate estimate =
        estimator.estimate(rewards, rollout.values().orElseThrow(), Moments.NONE);
    return estimate.advantages()[0] + estimate.returns()[0] + kl[0];
  }

  /** Parquet to Parquet in this process, again and again: the first turn compiles. */
  private static void stage(String directory, int tokens, int turns) {
    AdvantageSettings settings =
        AdvantageSettings.of(KlConfig.DEFAULTS, PpoConfig.DEFAULTS, AdvantagesConfig.DEFAULTS);
    try (SparkSession spark = session()) {
      Datasets datasets = new Datasets(spark, Datasets.OutputFormat.PARQUET);
      for (int turn = 1; turn <= turns; turn++) {
        String output = directory + "/experience";
        long start = System.nanoTime();
        long processor = processorTime();
        long rows =
            new AdvantagesJob(datasets, settings)
                .execute(
                    directory + "/rollouts",
                    directory + "/scores",
                    IterationScalars.of(COEFFICIENT),
                    output)
                .responses();
        double time = (System.nanoTime() - start) * 1e-9;
        double used = (processorTime() - processor) * 1e-9;
        print(
            "stage, turn %d: %d responses of %d tokens in %.2f s, %.2f million tokens/s;"
                + " %.2f s of processor time, %.2f million tokens for each",
            turn, rows, tokens, time, rows * tokens / time / 1e6, used, rows * tokens / used / 1e6);
      }
    }
  }

  /** Of all threads of this process, compilers and garbage collectors among them; nanoseconds. */
  private static long processorTime() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
