package org.rlhf4j.jobs.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.rlhf4j.jobs.JobException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures training, scoring and generation; beside PyTorch where a Python with torch is named.
 *
 * <p>Processes of both take turns, since a shared machine's speed changes with the hour.
 */
@Command(
    name = "bench",
    description = "Measures the decoder, beside PyTorch where a Python is named.",
    sortOptions = false)
public final class Bench implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TURNS = 2;

  @Option(
      names = "--python",
      paramLabel = "PROGRAM",
      description = "A Python with torch and transformers, to compare with.")
  private Optional<String> python;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      completionCandidates = CaseNames.class,
      description = "Measure only these: ${COMPLETION-CANDIDATES}.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "Warm-up, and time that counts, of each process (default ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of either side (default: the machine's).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "End with one JSON object of medians.")
  private boolean json;

  @Option(names = "--steps", paramLabel = "N", description = "Instead: memory over N steps.")
  private int steps;

  @Option(names = "--measure", hidden = true, description = "Measure this case in this process.")
  private Optional<String> measured;

  @Option(names = "--script", hidden = true, description = "The script for PyTorch.")
  private String script;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Spec private CommandSpec spec;

  private final PrintStream out;

  Bench(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Bench(System.out))
            .setExecutionExceptionHandler(
                (exception, commandLine, result) -> {
                  System.err.println(
                      exception instanceof JobException ? exception.getMessage() : exception);
                  return exception instanceof JobException job ? job.exitCode().code() : 1;
                })
            .execute(arguments));
  }

  /** Names for help and completion. */
  static final class CaseNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    CaseNames() {
      super(BenchCase.names());
    }
  }

  @Override
  public Integer call() throws IOException {
    require(threads > 0, "--threads must be positive, but is " + threads);
    require(seconds > 0, "--seconds must be positive, but is " + seconds);
    require(steps >= 0, "--steps must not be negative, but is " + steps);
    require(
        steps == 0 || (only.isEmpty() && python.isEmpty()),
        "--steps measures one thing alone; leave --only and --python out");
    if (steps > 0) {
      Map<String, Double> memory = MemoryGrowth.measure(steps, threads, out);
      if (json) {
        out.println(JSON.writeValueAsString(memory));
      }
      return 0;
    }
    if (measured.isPresent()) {
      BenchCase benchCase = BenchCase.named(measured.orElseThrow());
      out.println(MeasuringProcess.line(new Stopwatch(threads, seconds).measure(benchCase)));
      return 0;
    }
    List<BenchCase> cases = chosen();
    ResultTable table = new ResultTable(out, python.isPresent());
    ObjectNode medians = JSON.createObjectNode();
    for (BenchCase benchCase : cases) {
      measure(benchCase, table, medians.putObject(benchCase.name()));
    }
    if (json) {
      out.println(JSON.writeValueAsString(medians));
    }
    return 0;
  }

  private void require(boolean holds, String sentence) {
    if (!holds) {
      throw new CommandLine.ParameterException(spec.commandLine(), sentence);
    }
  }

  private List<BenchCase> chosen() {
    for (String name : only) {
      if (!BenchCase.names().contains(name)) {
        throw new CommandLine.ParameterException(
            spec.commandLine(),
            String.format(
                "There is no case %s; there are %s", name, String.join(", ", BenchCase.names())));
      }
    }
    return BenchCase.ALL.stream()
        .filter(each -> only.isEmpty() || only.contains(each.name()))
        .toList();
  }

  private void measure(BenchCase benchCase, ResultTable table, ObjectNode medians) {
    CaseResult ours = MeasuringProcess.run(javaCommand(benchCase));
    Optional<CaseResult> torch = python.map(program -> torch(program, benchCase));
    for (int turn = 1; turn < TURNS; turn++) {
      ours = ours.and(MeasuringProcess.run(javaCommand(benchCase)));
      torch = torch.map(before -> before.and(torch(python.orElseThrow(), benchCase)));
    }
    table.add(benchCase, ours, torch);
    ResultTable.fill(medians, benchCase, ours, torch);
  }

  private List<String> javaCommand(BenchCase benchCase) {
    return MeasuringProcess.javaCommand(
        Bench.class,
        List.of(
            "--measure", benchCase.name(), "--seconds", "" + seconds, "--threads", "" + threads));
  }

  private CaseResult torch(String program, BenchCase benchCase) {
    List<String> command = new ArrayList<>(List.of(program, script));
    command.addAll(benchCase.arguments());
    command.addAll(List.of("" + seconds, "" + threads));
    return MeasuringProcess.run(command);
  }
}
