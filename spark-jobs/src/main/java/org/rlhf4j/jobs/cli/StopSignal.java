package org.rlhf4j.jobs.cli;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells a stop by signal from the end of a command. The JVM itself exits with 128 + the signal's
 * number once the hooks are done; what is published stays, so that the same command continues.
 */
final class StopSignal {
  private static final int TERMINATED = 143;

  private final AtomicBoolean over = new AtomicBoolean();

  /** Reports the stop if the process ends before {@link #finish}. */
  void watch(String command, PrintStream out, PrintStream err) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (over.compareAndSet(false, true)) {
                    err.println("Stopped by a signal; run the same command again to continue");
                    out.printf(
                        "{\"command\":\"%s\",\"status\":\"stopped\",\"output\":null,"
                            + "\"exit_code\":%d}%n",
                        command, TERMINATED);
                    out.flush();
                  }
                },
                "rlhf4j-stop"));
  }

  /** The command ended by itself; blocks forever where a signal came first and ends the process. */
  void finish() {
    if (!over.compareAndSet(false, true)) {
      while (true) {
        java.util.concurrent.locks.LockSupport.park();
      }
    }
  }
}
