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
 * <p>Processes of both take short turns, since a shared machine's speed changes within seconds.
 * Each case has two processes of each, since those of Java differ by what the compiler made of
 * them.
 */
@Command(
    name = "bench",
    description = "Measures the decoder, beside PyTorch where a Python is named.",
    sortOptions = false)
public final class Bench implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PROCESSES = 2; // of each side
  private static final int TURNS = 4; // of a process

  @Option(
      names = "--python",
      paramLabel = "PROGRAM",
      description = {
        "A Python with torch and transformers, to compare with, in turns: speed is the median over",
        "the turns. Both are in memory at once, at most 10 GB."
      })
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
      try (Round round = benchCase.prepare(threads)) {
        MeasuringProcess.answer(new Stopwatch(round, threads));
      }
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
    List<CaseResult> ours = new ArrayList<>();
    List<CaseResult> torch = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      if (python.isPresent()) {
        takeTurns(benchCase, python.orElseThrow(), ours, torch);
      } else {
        measure(benchCase, ours);
      }
    }
    CaseResult all = CaseResult.of(ours);
    Optional<Comparison> comparison =
        python.map(program -> new Comparison(CaseResult.of(torch), Comparison.speed(ours, torch)));
    table.add(benchCase, all, comparison);
    ResultTable.fill(medians, benchCase, all, comparison);
  }

  private void measure(BenchCase benchCase, List<CaseResult> results) {
    try (MeasuringProcess process = new MeasuringProcess(javaCommand(benchCase))) {
      process.measure(seconds); // warms up
      results.add(process.measure(seconds));
    }
  }

  private void takeTurns(
      BenchCase benchCase, String program, List<CaseResult> ours, List<CaseResult> torch) {
    try (MeasuringProcess mine = new MeasuringProcess(javaCommand(benchCase));
        MeasuringProcess other = new MeasuringProcess(torchCommand(program, benchCase))) {
      mine.measure(seconds); // warms up
      other.measure(seconds);
      for (int turn = 0; turn < TURNS; turn++) {
        if (turn % 2 == 0) {
          ours.add(mine.measure(seconds / TURNS));
          torch.add(other.measure(seconds / TURNS));
        } else {
          torch.add(other.measure(seconds / TURNS));
          ours.add(mine.measure(seconds / TURNS));
        }
      }
    }
  }

  private List<String> javaCommand(BenchCase benchCase) {
    return MeasuringProcess.javaCommand(
        Bench.class, List.of("--measure", benchCase.name(), "--threads", "" + threads));
  }

  private List<String> torchCommand(String program, BenchCase benchCase) {
    List<String> command = new ArrayList<>(List.of(program, script));
    command.addAll(benchCase.arguments());
    command.add("" + threads);
    return command;
  }
}
