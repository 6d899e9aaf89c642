package org.rlhf4j.tensor;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A few threads that share the pieces of one operation with the caller.
 *
 * <p>Design: each thread has pieces of its own, side by side, so that it goes through memory in one
 * stream and finds in its own cache what it left there. Pieces are claimed one by one, and a thread
 * without any claims those of the others, so an operation never waits for a thread that has not
 * started: on a busy machine the caller simply does more of the work. Idle threads spin for some
 * microseconds, since the next operation usually follows at once, and then park. With one thread
 * everything runs in the caller. One caller at a time.
 */
public final class Workers implements AutoCloseable {
  /** A piece of work. */
  @FunctionalInterface
  public interface Task {
    void run(int piece);
  }

  /** Work on a range of rows (or columns). */
  @FunctionalInterface
  public interface RangeTask {
    void run(int from, int to);
  }

  private static final int SPINS = 4000; // some 50 us
  private static final AtomicInteger INSTANCES = new AtomicInteger();

  private final Thread[] threads;
  private volatile Job job = new Job(piece -> {}, 0, 1);
  private volatile boolean closed;

  /**
   * @param threads how many threads work, the caller included
   */
  public Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("Threads must be positive, but are " + threads);
    }
    this.threads = new Thread[threads - 1];
    int instance = INSTANCES.incrementAndGet();
    for (int i = 0; i < this.threads.length; i++) {
      int side = i + 1;
      this.threads[i] = new Thread(() -> work(side), "kernels-" + instance + "-" + (i + 1));
      this.threads[i].setDaemon(true);
      this.threads[i].start();
    }
  }

  /** Threads that work, the caller included. */
  public int count() {
    return threads.length + 1;
  }

  /** Runs the pieces 0 to {@code pieces - 1}, in any order, and returns when all are done. */
  public void run(int pieces, Task task) {
    if (threads.length == 0 || pieces <= 1) {
      for (int piece = 0; piece < pieces; piece++) {
        task.run(piece);
      }
      return;
    }
    Job next = new Job(task, pieces, count());
    job = next;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    next.help(0);
    next.await();
  }

  /**
   * Splits {@code length} into one range per thread, each a multiple of {@code grain} long but the
   * last, and runs them.
   */
  public void ranges(int length, int grain, RangeTask task) {
    int units = (length + grain - 1) / grain;
    int pieces = Math.min(units, count());
    if (pieces <= 1) {
      if (length > 0) {
        task.run(0, length);
      }
      return;
    }
    run(
        pieces,
        piece -> {
          int from = (int) ((long) units * piece / pieces) * grain;
          int to = (int) ((long) units * (piece + 1) / pieces) * grain;
          task.run(from, Math.min(to, length));
        });
  }

  private void work(int side) {
    Job done = job;
    while (!closed) {
      Job next = awaitOther(done);
      next.help(side);
      done = next;
    }
  }

  private Job awaitOther(Job done) {
    int spins = 0;
    while (job == done && !closed) {
      if (++spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
    return job;
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }

  /** The pieces of one call of {@link #run}. */
  private static final class Job {
    private final Task task;
    private final int pieces;
    private final Thread caller = Thread.currentThread();
    private final AtomicIntegerArray claimed; // of the pieces of each thread
    private final AtomicInteger finished = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Job(Task task, int pieces, int threads) {
      this.claimed = new AtomicIntegerArray(Math.min(pieces, threads));
      this.task = task;
      this.pieces = pieces;
    }

    /** Works on the pieces of thread {@code side}, then on what the others have left. */
    void help(int side) {
      int sides = claimed.length();
      for (int i = 0; i < sides; i++) {
        helpWith((side + i) % sides);
      }
    }

    private void helpWith(int side) {
      int from = (int) ((long) pieces * side / claimed.length());
      int to = (int) ((long) pieces * (side + 1) / claimed.length());
      for (int piece = from + claimed.getAndIncrement(side);
          piece < to;
          piece = from + claimed.getAndIncrement(side)) {
        try {
          task.run(piece);
        } catch (RuntimeException | Error e) {
          failure.compareAndSet(null, e);
        } finally {
          if (finished.incrementAndGet() == pieces && Thread.currentThread() != caller) {
            LockSupport.unpark(caller);
          }
        }
      }
    }

    void await() {
      int spins = 0;
      while (finished.get() < pieces) {
        if (++spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      Throwable thrown = failure.get();
      if (thrown instanceof RuntimeException e) {
        throw e;
      }
      if (thrown instanceof Error e) {
        throw e;
      }
    }
  }
}
