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
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application on a standalone cluster with two workers, one core each. */
@Tag("cluster")
class ItStandaloneCluster {
  private static final Path APPLICATION = Path.of("target/rlhf4j").toAbsolutePath();
  private static final Path PRESET = Path.of("../conf/spark-defaults-cpu-cluster.conf");
  private static final int WORKERS = 2;

  @TempDir static Path scratch;

  private static SparkHome home;
  private static StandaloneCluster cluster;

  @BeforeAll
  static void startCluster() throws IOException {
    home =
        SparkHome.assemble(
            Path.of("target/spark-home").toAbsolutePath(), APPLICATION.resolve("spark"));
    cluster = StandaloneCluster.start(home, WORKERS, "3g", Path.of("target/cluster-logs"));
    home.configure(
        PRESET,
        Map.of(
            "spark.master", cluster.master(),
            "spark.driver.memory", "1g",
            "spark.executor.cores", "1",
            "spark.executor.memory", "1g",
            "spark.scheduler.minRegisteredResourcesRatio", "1.0",
            "spark.cores.max", String.valueOf(WORKERS)));
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @Test
  void executorsSeeOneApplicationAndItsThreadSettings() throws Exception {
    Path output = scratch.resolve("findings.json");
    Path probe = jarOf(scratch.resolve("probe.jar"), ClusterProbe.class);

    submit("probe", ClusterProbe.class.getName(), probe, output.toString());

    List<ClusterProbe.Finding> findings =
        new ObjectMapper().readValue(output.toFile(), new TypeReference<>() {});
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

  /** Runs a main class through {@code spark-submit} with the application's jars and waits. */
  private static void submit(String name, String mainClass, Path jar, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                home.directory().resolve("bin/spark-submit").toString(),
                "--class",
                mainClass,
                "--jars",
                applicationJars(),
                jar.toString()));
    command.addAll(List.of(arguments));
    Path log = Path.of("target/cluster-logs", name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(home.environment());
    assertThat(builder.start().waitFor()).as("exit code of " + name + ", see " + log).isZero();
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
