package org.rlhf4j.jobs.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.KernelSet;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/** Repeats rounds in this process: first some that do not count, until the compiler is done. */
final class Stopwatch {
  private static final int FEWEST_ROUNDS = 3;
  private static final int PRODUCT = 1024; // rows and columns of the product that is the measure
  private static final int PRODUCTS = 10;
  private static final Path STATUS = Path.of("/proc/self/status");

  private final int threads;
  private final double seconds;

  /**
   * @param seconds shortest time of the warm-up, and of what counts
   */
  Stopwatch(int threads, double seconds) {
    this.threads = threads;
    this.seconds = seconds;
  }

  CaseResult measure(BenchCase benchCase) {
    try (Round round = benchCase.prepare(threads)) {
      repeat(round);
      List<Double> counted = repeat(round);
      return new CaseResult(counted, peakMemory(), round.operations(), productSpeed());
    }
  }

  private List<Double> repeat(Round round) {
    List<Double> times = new ArrayList<>();
    double total = 0;
    while (total < seconds || times.size() < FEWEST_ROUNDS) {
      long start = System.nanoTime();
      round.run();
      double time = (System.nanoTime() - start) * 1e-9;
      times.add(time);
      total += time;
    }
    return times;
  }

  /** Operations per second of a large matrix product, the best of some. */
  private double productSpeed() {
    Matrix a = square();
    Matrix b = square();
    Matrix c = square();
    double best = Double.POSITIVE_INFINITY;
    try (Kernels kernels = KernelSet.current().kernels(threads)) {
      for (int i = 0; i < PRODUCTS; i++) {
        long start = System.nanoTime();
        kernels.multiply(1f, a, b, 0f, c);
        best = Math.min(best, (System.nanoTime() - start) * 1e-9);
      }
    }
    return 2.0 * PRODUCT * PRODUCT * PRODUCT / best;
  }

  private static Matrix square() {
    return Matrix.of(Floats.allocate((long) PRODUCT * PRODUCT), PRODUCT, PRODUCT);
  }

  /** MiB. */
  static double peakMemory() {
    return status("VmHWM:");
  }

  /** MiB. */
  static double memory() {
    return status("VmRSS:");
  }

  private static double status(String key) {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(key))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // only Linux tells
    }
  }
}
