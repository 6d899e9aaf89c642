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

/** Repeats a round in this process. */
final class Stopwatch {
  private static final int PRODUCT = 1024; // rows and columns of the product that is the measure
  private static final int PRODUCTS = 10;
  private static final Path STATUS = Path.of("/proc/self/status");

  private final Round round;
  private final int threads;

  Stopwatch(Round round, int threads) {
    this.round = round;
    this.threads = threads;
  }

  /** Repeats the round for so long, at least once. */
  CaseResult measure(double seconds) {
    List<Double> times = new ArrayList<>();
    double total = 0;
    while (total < seconds || times.isEmpty()) {
      long start = System.nanoTime();
      round.run();
      double time = (System.nanoTime() - start) * 1e-9;
      times.add(time);
      total += time;
    }
    return new CaseResult(times, peakMemory(), round.operations(), productSpeed());
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
