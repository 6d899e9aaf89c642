package org.rlhf4j.jobs.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A Spark installation put together from the jars that the build packages: {@code jars/} and the
 * one script of {@code bin/} that users call.
 */
record SparkHome(Path directory) {

  /** Lays the installation out in {@code directory}; {@code jars} is linked, not copied. */
  static SparkHome assemble(Path directory, Path jars) throws IOException {
    Files.createDirectories(directory.resolve("bin"));
    Path link = directory.resolve("jars");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, jars.toAbsolutePath());
    SparkHome home = new SparkHome(directory);
    home.writeSubmitScript();
    return home;
  }

  /** The command line of a Spark process with this class path. */
  List<String> java(String mainClass, String... arguments) {
    List<String> command = new ArrayList<>(List.of(javaBinary().toString(), "-Xmx256m"));
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(List.of("-cp", directory + "/jars/*", mainClass));
    command.addAll(List.of(arguments));
    return command;
  }

  /** What Spark reads from the environment in place of its own scripts. */
  Map<String, String> environment() {
    return Map.of(
        "SPARK_HOME",
        directory.toString(),
        "SPARK_LOCAL_IP",
        "127.0.0.1",
        "SPARK_SCALA_VERSION",
        "2.12",
        "JAVA_HOME",
        System.getProperty("java.home"));
  }

  /** As Spark's own script does: ask the launcher for the driver's command line and become it. */
  private void writeSubmitScript() throws IOException {
    String script =
        """
        #!/bin/bash
        set -eu
        export SPARK_HOME="$(cd "$(dirname "$0")/.." && pwd)"
        mapfile -d '' -t command < <("$JAVA_HOME/bin/java" -cp "$SPARK_HOME/jars/*" \\
          org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "$@")
        command[1]=${command[1]#$'\n'} # the launcher answers NUL, newline, then the words
        exec "${command[@]:1}"
        """;
    Path file = directory.resolve("bin/spark-submit");
    Files.writeString(file, script);
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("Cannot make " + file + " executable");
    }
  }

  private static Path javaBinary() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }
}
