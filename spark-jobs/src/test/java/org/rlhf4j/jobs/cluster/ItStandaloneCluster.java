package org.rlhf4j.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.spark.serializer.KryoSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application on a standalone cluster with two workers, one core each. */
@Tag("cluster")
class ItStandaloneCluster {
  private static final Path APPLICATION = Path.of("target/rlhf4j").toAbsolutePath();
  private static final String KRYO = KryoSerializer.class.getName();
  private static final Path CONF = Path.of("../conf").toAbsolutePath();
  private static final String PRESET = "cpu-cluster";
  private static final String PRESET_FILE = "spark-defaults-" + PRESET + ".conf";
  private static final Path LOGS = Path.of("target/cluster-logs").toAbsolutePath();
  private static final long JOB_MINUTES = 15;
  private static final int WORKERS = 2;
  private static final int ITERATIONS = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Large enough for every stage to have work on both workers, too small to learn anything. */
  private static final List<String> TINY_DEMO =
      List.of(
          "demo.demonstrations=300",
          "demo.pairs=200",
          "demo.rankings=40",
          "demo.prompts=120",
          "tokenizer.vocab-size=400",
          "model.layers=1",
          "model.heads=2",
          "model.hidden-size=32",
          "sft.epochs=1",
          "sft.max-steps=4",
          "reward.max-steps=4",
          "ppo.iterations=" + ITERATIONS,
          "ppo.responses-per-iteration=32",
          "ppo.epochs=1",
          "ppo.minibatch-size=16",
          "generation.max-new-tokens=12",
          "trainer.workers=" + WORKERS,
          "evaluate.prompts=16");

  private static final List<String> MODEL_FILES =
      List.of("config.json", "model.safetensors", "tokenizer.json");

  private static final List<String> DATASETS =
      List.of(
          "preferences",
          "demonstrations",
          "prompts",
          "evaluations",
          "rollouts/iteration=00001",
          "scores/iteration=00001",
          "experience/iteration=00002");

  @TempDir static Path scratch;

  private static SparkHome home;
  private static StandaloneCluster cluster;
  private static List<String> submitOptions;

  @BeforeAll
  static void startCluster() throws IOException {
    home =
        SparkHome.assemble(
            Path.of("target/spark-home").toAbsolutePath(), APPLICATION.resolve("spark"));
    cluster = StandaloneCluster.start(home, WORKERS, "3g", LOGS);
    Map<String, String> settings =
        Map.of(
            "spark.driver.memory", "1g",
            "spark.executor.cores", "1",
            "spark.executor.memory", "1g",
            "spark.scheduler.minRegisteredResourcesRatio", "1.0",
            "spark.cores.max", String.valueOf(WORKERS));
    submitOptions = new ArrayList<>(List.of("--master", cluster.master()));
    settings.forEach((key, value) -> submitOptions.addAll(List.of("--conf", key + "=" + value)));
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @Test
  void executorsSeeOneApplicationAndItsThreadSettings() throws Exception {
    Path output = scratch.resolve("findings.json");
    Path probe = jarOf(scratch.resolve("probe.jar"), ClusterProbe.class);

    submit("probe", ClusterProbe.class, probe, output);

    List<ClusterProbe.Finding> findings = JSON.readValue(output.toFile(), new TypeReference<>() {});
    assertThat(findings).hasSize(WORKERS);
    assertThat(findings).extracting(ClusterProbe.Finding::executor).doesNotHaveDuplicates();
    assertThat(findings).extracting(ClusterProbe.Finding::process).doesNotHaveDuplicates();
    assertThat(findings)
        .allSatisfy(
            finding -> {
              assertThat(finding.ompThreads()).isEqualTo("1");
              assertThat(finding.sameLoader()).as("DL4J and our layers share a loader").isTrue();
              assertThat(finding.fromSparkHome())
                  .as("the application is no part of Spark")
                  .isFalse();
              assertThat(finding.sum()).isEqualTo(6.0);
            });
  }

  @Test
  void launcherRunsEveryStageOfTheDemo() throws Exception {
    Path run = scratch.resolve("run");

    String result = launch("demo", Map.of("--run-dir", run), TINY_DEMO);

    assertThat(JSON.readTree(result).path("status").asText()).as(result).isEqualTo("done");
    assertThat(publishedDatasets(run)).containsAll(DATASETS);
    assertThat(Files.readAllLines(run.resolve("metrics/ppo.jsonl"))).hasSize(ITERATIONS);
    for (String model : List.of("sft", "reward", "policy")) {
      assertThat(holdsModel(run.resolve("checkpoints").resolve(model))).as(model).isTrue();
    }
    trainsAdaptersBesideWeightsThatExecutorsRead(run);
  }

  /** Two workers on two executors, neither of which has the driver's memory. */
  private static void trainsAdaptersBesideWeightsThatExecutorsRead(Path run) throws Exception {
    Path model = run.resolve("checkpoints/sft/00000");
    Path output = scratch.resolve("adapted");
    Map<String, Path> options =
        Map.of(
            "--model", model,
            "--input", run.resolve("datasets/demonstrations"),
            "--output", output);

    launch(
        "sft",
        options,
        List.of("lora.rank=2", "trainer.workers=2", "sft.max-steps=4", "sft.batch-size=8"));

    assertThat(output.resolve("adapter/adapter_model.safetensors")).isRegularFile();
    assertThat(Files.readAllBytes(output.resolve("model.safetensors")))
        .isNotEqualTo(Files.readAllBytes(model.resolve("model.safetensors")));
  }

  /** Runs a main class through {@code spark-submit} with the application's jars. */
  private static void submit(String name, Class<?> mainClass, Path jar, Path output)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(home.directory().resolve("bin/spark-submit").toString());
    command.addAll(List.of("--properties-file", CONF.resolve(PRESET_FILE).toString()));
    command.addAll(submitOptions);
    command.addAll(List.of("--jars", applicationJars(), "--class", mainClass.getName()));
    command.addAll(List.of(jar.toString(), output.toString()));
    run(name, command, Map.of());
  }

  /** Runs {@code scripts/rlhf4j} as on a cluster whose default is Kryo; returns its last line. */
  private static String launch(String command, Map<String, Path> options, List<String> settings)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("../scripts/rlhf4j", command));
    options.forEach((name, path) -> words.addAll(List.of(name, path.toString())));
    settings.forEach(setting -> words.addAll(List.of("--set", setting)));
    String submit = String.join(" ", submitOptions) + " --conf spark.serializer=" + KRYO;
    Map<String, String> environment =
        Map.of("RLHF4J_PRESET", PRESET, "RLHF4J_SUBMIT_OPTIONS", submit);
    List<String> lines = run(command, words, environment);
    return lines.get(lines.size() - 1);
  }

  /** Waits for a process; its standard output goes to a file and is returned. */
  private static List<String> run(
      String name, List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path output = LOGS.resolve(name + ".out");
    Path log = LOGS.resolve(name + ".log");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(output.toFile()).redirectError(log.toFile());
    builder.environment().putAll(home.environment());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(JOB_MINUTES, TimeUnit.MINUTES);
      assertThat(ended).as("%s ends in time, see %s", name, log).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as("exit code of %s, see %s", name, log).isZero();
    return Files.readAllLines(output);
  }

  /** The directories below RUN/datasets that hold a manifest. */
  private static List<String> publishedDatasets(Path run) throws IOException {
    Path datasets = run.resolve("datasets");
    try (Stream<Path> files = Files.walk(datasets)) {
      return files
          .filter(file -> file.endsWith("_manifest.json"))
          .map(file -> datasets.relativize(file.getParent()).toString())
          .toList();
    }
  }

  /** Whether some step below a checkpoint directory is a complete model directory. */
  private static boolean holdsModel(Path checkpoints) throws IOException {
    try (Stream<Path> files = Files.walk(checkpoints)) {
      return files
          .filter(file -> file.endsWith("manifest.json"))
          .map(Path::getParent)
          .anyMatch(
              step -> MODEL_FILES.stream().allMatch(file -> Files.exists(step.resolve(file))));
    }
  }

  private static String applicationJars() throws IOException {
    try (Stream<Path> jars = Files.list(APPLICATION.resolve("lib"))) {
      return String.join(",", jars.map(Path::toString).sorted().toList());
    }
  }

  /** A jar of one class and the classes nested in it. */
  private static Path jarOf(Path jar, Class<?> type) throws IOException {
    Path classes = Path.of("target/test-classes");
    Path folder = classes.resolve(type.getPackageName().replace('.', '/'));
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(file);
        Stream<Path> files = Files.list(folder)) {
      for (Path source : files.filter(f -> nestedIn(f, type)).sorted().toList()) {
        entries.putNextEntry(new ZipEntry(classes.relativize(source).toString()));
        Files.copy(source, entries);
      }
    }
    return jar;
  }

  private static boolean nestedIn(Path file, Class<?> type) {
    String name = file.getFileName().toString();
    return name.equals(type.getSimpleName() + ".class")
        || name.startsWith(type.getSimpleName() + "$");
  }
}
