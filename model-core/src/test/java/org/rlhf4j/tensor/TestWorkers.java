package org.rlhf4j.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestWorkers {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void everyPieceRunsOnce(int threads) {
    try (Workers workers = new Workers(threads)) {
      for (int round = 0; round < 300; round++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(round % 13);

        workers.run(runs.length(), runs::incrementAndGet);

        for (int i = 0; i < runs.length(); i++) {
          assertThat(runs.get(i)).isEqualTo(1);
        }
      }
    }
  }

  @Test
  @Timeout(60)
  void eachThreadBeginsWithPiecesOfItsOwn() {
    CyclicBarrier bothHaveOne = new CyclicBarrier(2);
    Map<Thread, Integer> first = new ConcurrentHashMap<>();
    try (Workers workers = new Workers(2)) {
      awaitBoth(workers);
      workers.run(
          8,
          piece -> {
            if (first.putIfAbsent(Thread.currentThread(), piece) == null) {
              await(bothHaveOne);
            }
          });
    }

    assertThat(first.values()).containsExactlyInAnyOrder(0, 4);
    assertThat(first).containsEntry(Thread.currentThread(), 0);
  }

  /** A thread that starts late misses a run. */
  private static void awaitBoth(Workers workers) {
    Set<Thread> started = ConcurrentHashMap.newKeySet();
    while (started.size() < 2) {
      workers.run(
          2,
          piece -> {
            started.add(Thread.currentThread());
            LockSupport.parkNanos(1_000_000); // leaves the other piece to the other thread
          });
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void rangesCoverEverythingAtMultiplesOfTheGrain() {
    try (Workers workers = new Workers(3)) {
      AtomicIntegerArray runs = new AtomicIntegerArray(100);

      workers.ranges(
          100,
          16,
          (from, to) -> {
            assertThat(from % 16).isZero();
            for (int i = from; i < to; i++) {
              runs.incrementAndGet(i);
            }
          });

      for (int i = 0; i < 100; i++) {
        assertThat(runs.get(i)).isEqualTo(1);
      }
    }
  }

  @Test
  void failureOfAPieceReachesTheCallerAndTheNextRunWorks() {
    try (Workers workers = new Workers(2)) {
      assertThatThrownBy(
              () ->
                  workers.run(
                      8,
                      piece -> {
                        throw new IllegalStateException("piece");
                      }))
          .hasMessage("piece");
      AtomicIntegerArray runs = new AtomicIntegerArray(8);

      workers.run(8, runs::incrementAndGet);

      assertThat(runs.toString()).isEqualTo("[1, 1, 1, 1, 1, 1, 1, 1]");
    }
  }
}
