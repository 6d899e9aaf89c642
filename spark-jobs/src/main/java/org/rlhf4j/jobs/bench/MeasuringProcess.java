package org.rlhf4j.jobs.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;

/**
 * Measures in a process of its own, so that its memory is its own and no compiler remembers the
 * case before: a Java machine like this one, or Python. It is sent a line with seconds, works for
 * so long, answers with a line of JSON, and waits for the next line, so that two processes can take
 * short turns.
 */
final class MeasuringProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_SECONDS = 10; // with a process that is to end

  private final List<String> command;
  private final Process process;

  /**
   * @throws JobException if the process cannot be started
   */
  MeasuringProcess(List<String> command) {
    this.command = List.copyOf(command);
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw failure("could not be run (" + e.getMessage() + ")");
    }
  }

  /** The process's own side: answers until its input ends. */
  static void answer(Stopwatch stopwatch) throws IOException {
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      System.out.println(line(stopwatch.measure(Double.parseDouble(line))));
    }
  }

  private static String line(CaseResult result) throws IOException {
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
   * Lets the process work for so long, at least one round.
   *
   * @throws JobException if it fails or gives no result
   */
  CaseResult measure(double seconds) {
    try {
      ask(seconds);
      String line = process.inputReader().readLine();
      while (line != null && !line.startsWith("{")) { // what libraries and compilers tell
        line = process.inputReader().readLine();
      }
      if (line == null) {
        throw failure("ended with exit code " + process.waitFor());
      }
      return parse(line);
    } catch (IOException e) {
      throw failure("was lost (" + e.getMessage() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("was interrupted");
    }
  }

  private void ask(double seconds) {
    try {
      process.outputWriter().write(seconds + "\n");
      process.outputWriter().flush();
    } catch (IOException e) {
      // It has ended, as the end of its output tells, too.
    }
  }

  private CaseResult parse(String line) throws IOException {
    JsonNode result = JSON.readTree(line);
    if (!result.path("seconds").isArray()) {
      throw failure("gave no result but: " + line);
    }
    List<Double> seconds = new ArrayList<>();
    result.path("seconds").forEach(each -> seconds.add(each.asDouble()));
    return new CaseResult(
        seconds,
        result.path("peak_memory").asDouble(),
        result.path("operations").asDouble(),
        result.path("product_speed").asDouble());
  }

  private JobException failure(String what) {
    return new JobException(
        ExitCode.BAD_INPUT,
        String.format(
            "The measuring process of %s %s; its messages are above", command.get(0), what));
  }

  /** Ends the process, and waits until its memory is free. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
