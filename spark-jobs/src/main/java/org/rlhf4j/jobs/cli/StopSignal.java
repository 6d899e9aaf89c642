package org.rlhf4j.jobs.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tells a stop by signal from the end of a command. The JVM itself exits with 128 + the signal's
 * number once its hooks are done; what is published stays, so that the same command continues.
 */
final class StopSignal {
  private static final Runnable NOTHING = () -> {};

  private final AtomicReference<Runnable> onStop = new AtomicReference<>(NOTHING);

  /** Watches the whole process. */
  static StopSignal ofProcess() {
    StopSignal signal = new StopSignal();
    Thread hook = new Thread(() -> signal.onStop.getAndSet(null).run(), "rlhf4j-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    return signal;
  }

  /**
   * @param report runs if a signal ends the process before {@link #finish}
   */
  void watch(Runnable report) {
    onStop.set(report);
  }

  /** Adds to what {@link #watch} runs. */
  void alsoRun(Runnable action) {
    onStop.updateAndGet(
        report ->
            report == null
                ? null
                : () -> {
                  action.run();
                  report.run();
                });
  }

  /** The command ended by itself. Never returns where a signal was first and ends the process. */
  void finish() {
    if (onStop.getAndUpdate(report -> report == null ? null : NOTHING) == null) {
      waitForTheEnd();
    }
  }

  private static void waitForTheEnd() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
