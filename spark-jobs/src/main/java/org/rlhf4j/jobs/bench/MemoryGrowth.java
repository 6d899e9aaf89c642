package org.rlhf4j.jobs.bench;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Memory of this process over many training steps of the small model. */
final class MemoryGrowth {
  private static final int REPORTS = 10;

  private MemoryGrowth() {}

  /** Returns MiB by step. */
  static Map<String, Double> measure(int steps, int threads, PrintStream out) {
    Map<String, Double> memory = new LinkedHashMap<>();
    try (Round round = new TrainRound(ModelShape.SMALL, threads)) {
      int every = Math.max(1, steps / REPORTS);
      for (int step = 1; step <= steps; step++) {
        round.run();
        if (step % every == 0) {
          memory.put("" + step, Stopwatch.memory());
          out.printf(Locale.ROOT, "step %6d: %6.0f MiB%n", step, memory.get("" + step));
          out.flush();
        }
      }
    }
    return memory;
  }
}
