package org.rlhf4j.jobs.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;

/**
 * Measures in a process of its own, so that its memory is its own and no compiler remembers the
 * case before: a Java machine like this one, or Python. The last line of its output is the result.
 */
final class MeasuringProcess {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MeasuringProcess() {}

  /** A result as the line that {@link #run} reads. */
  static String line(CaseResult result) throws IOException {
    return JSON.writeValueAsString(
        JSON.createObjectNode()
            .put("peak_memory", result.peakMemory())
            .put("operations", result.operations())
            .put("product_speed", result.productSpeed())
            .set("seconds", JSON.valueToTree(result.seconds())));
  }

  /** This machine's own options, class path and main class, with other arguments. */
  static List<String> javaCommand(Class<?> mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()));
    command.addAll(arguments);
    return command;
  }

  /**
   * @throws JobException if the process fails or says no result
   */
  static CaseResult run(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String last = "";
      try (BufferedReader output = process.inputReader()) {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
          last = line;
        }
      }
      if (process.waitFor() != 0) {
        throw failure(command, "ended with exit code " + process.exitValue());
      }
      return parse(command, last);
    } catch (IOException e) {
      throw failure(command, "could not be run (" + e.getMessage() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(command, "was interrupted");
    }
  }

  private static CaseResult parse(List<String> command, String line) throws IOException {
    JsonNode result = JSON.readTree(line);
    if (result == null || !result.path("seconds").isArray()) {
      throw failure(command, "gave no result but: " + line);
    }
    List<Double> seconds = new ArrayList<>();
    result.path("seconds").forEach(each -> seconds.add(each.asDouble()));
    return new CaseResult(
        seconds,
        result.path("peak_memory").asDouble(),
        result.path("operations").asDouble(),
        result.path("product_speed").asDouble());
  }

  private static JobException failure(List<String> command, String what) {
    String program = command.get(0);
    return new JobException(
        ExitCode.BAD_INPUT,
        String.format("The measuring process of %s %s; its messages are above", program, what));
  }
}
