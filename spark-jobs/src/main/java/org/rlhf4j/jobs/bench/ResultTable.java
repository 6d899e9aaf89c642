package org.rlhf4j.jobs.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import org.rlhf4j.jobs.bench.BenchCase.Work;

/** Prints results as they come. */
final class ResultTable {
  private static final String MILLISECONDS = "%,.1f ms";
  private static final String TOKENS = "%,.0f tokens/s";

  private final PrintStream out;

  ResultTable(PrintStream out, boolean compares) {
    this.out = out;
    print("%-18s %18s %10s %10s", "", "median", "of peak", "memory");
    print(compares ? " %18s %8s %8s%n" : "%n", "PyTorch", "speed", "target");
  }

  private void print(String format, Object... values) {
    out.printf(Locale.ROOT, format, values);
  }

  void add(BenchCase benchCase, CaseResult ours, Optional<Comparison> comparison) {
    print(
        "%-18s %18s %9.0f%% %6.0f MiB",
        benchCase.name(), speed(benchCase, ours), 100 * ours.peakShare(), ours.peakMemory());
    comparison.ifPresent(
        other ->
            print(
                " %18s %8.2f %8.1f",
                speed(benchCase, other.torch()), other.speed(), benchCase.target()));
    print("%n");
    out.flush();
  }

  private static String speed(BenchCase benchCase, CaseResult result) {
    return benchCase.work() == Work.GENERATE
        ? String.format(Locale.ROOT, TOKENS, benchCase.tokens() / result.median())
        : String.format(Locale.ROOT, MILLISECONDS, 1e3 * result.median());
  }

  /** The same numbers: seconds, tokens per second, MiB; PyTorch's where it was measured. */
  static void fill(
      ObjectNode medians, BenchCase benchCase, CaseResult ours, Optional<Comparison> comparison) {
    medians
        .put("seconds", ours.median())
        .put("tokens_per_second", benchCase.tokens() / ours.median())
        .put("share_of_peak", ours.peakShare())
        .put("peak_memory_mib", ours.peakMemory());
    comparison.ifPresent(
        other ->
            medians
                .put("torch_seconds", other.torch().median())
                .put("torch_peak_memory_mib", other.torch().peakMemory())
                .put("speed", other.speed())
                .put("target", benchCase.target()));
  }
}
