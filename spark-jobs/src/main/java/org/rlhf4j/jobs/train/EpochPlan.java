package org.rlhf4j.jobs.train;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Who trains on what in one epoch.
 *
 * <p>The examples, in the epoch's order, are cut into minibatches; each minibatch is cut into one
 * slice per worker, as equal as can be; {@code stepsPerRound} minibatches make a round, after which
 * the workers are averaged. A slice is a range of {@linkplain EpochOrder#key keys}, so that the
 * plan is the same for any partitioning of the input. The examples of a round and worker are in
 * partition {@code round * workers + worker}.
 */
final class EpochPlan implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] firstKeys;
  private final int[] slices;
  private final int workers;
  private final int stepsPerRound;
  private final int steps;
  private final int stepsBefore;
  private final long firstKey;
  private final long lastKey;
  private final long examples;
  private final long keySum;

  private EpochPlan(
      long[] firstKeys,
      int[] slices,
      int workers,
      int stepsPerRound,
      int steps,
      int stepsBefore,
      long[] used) {
    this.firstKeys = firstKeys;
    this.slices = slices;
    this.workers = workers;
    this.stepsPerRound = stepsPerRound;
    this.steps = steps;
    this.stepsBefore = stepsBefore;
    this.firstKey = used.length == 0 ? Long.MAX_VALUE : used[0];
    this.lastKey = used.length == 0 ? Long.MIN_VALUE : used[used.length - 1];
    this.examples = used.length;
    this.keySum = Arrays.stream(used).sum();
  }

  /** The whole epoch. */
  static EpochPlan of(long[] keys, int batchSize, int workers, int stepsPerRound, long mostSteps) {
    return of(keys, batchSize, workers, stepsPerRound, mostSteps, 0);
  }

  /**
   * @param keys keys of all examples, in any order
   * @param batchSize examples of a step over all workers; the last step may have fewer
   * @param mostSteps steps after which the epoch is cut
   * @param stepsBefore steps that were taken already, of whole rounds or all
   */
  static EpochPlan of(
      long[] keys, int batchSize, int workers, int stepsPerRound, long mostSteps, int stepsBefore) {
    long[] sorted = keys.clone();
    Arrays.sort(sorted);
    long allSteps = (sorted.length + (long) batchSize - 1) / batchSize;
    int steps = Math.toIntExact(Math.min(allSteps, mostSteps));
    int used = (int) Math.min(sorted.length, (long) steps * batchSize);
    // Slices of a short last minibatch may be empty, and so may those of rows with one id, which
    // stay together: only slices with examples are kept, and only steps with slices are counted.
    long[] firstKeys = new long[Math.multiplyExact(steps, workers)];
    int[] slices = new int[firstKeys.length];
    int count = 0;
    int filledSteps = 0;
    for (int start = 0; start < used; start += batchSize) {
      int size = Math.min(batchSize, used - start);
      int before = count;
      for (int worker = 0; worker < workers; worker++) {
        int from = start + sliceStart(size, worker, workers);
        boolean filled = from < start + sliceStart(size, worker + 1, workers);
        if (filled && (count == 0 || sorted[from] != firstKeys[count - 1])) {
          firstKeys[count] = sorted[from];
          slices[count++] = filledSteps * workers + worker;
        }
      }
      filledSteps += count > before ? 1 : 0;
    }
    while (used > 0 && used < sorted.length && sorted[used] == sorted[used - 1]) {
      used++; // the same id twice: both or none
    }
    if (stepsBefore > filledSteps
        || (stepsBefore < filledSteps && stepsBefore % stepsPerRound > 0)) {
      throw new IllegalArgumentException(
          stepsBefore + " steps are no whole rounds of an epoch of " + filledSteps);
    }
    int slice = 0;
    while (slice < count && slices[slice] / workers < stepsBefore) {
      slice++;
    }
    int from = used;
    while (from > 0 && slice < count && sorted[from - 1] >= firstKeys[slice]) {
      from--;
    }
    return new EpochPlan(
        Arrays.copyOf(firstKeys, count),
        Arrays.copyOf(slices, count),
        workers,
        stepsPerRound,
        filledSteps,
        stepsBefore,
        Arrays.copyOfRange(sorted, from, used));
  }

  private static int sliceStart(int size, int worker, int workers) {
    return (int) ((long) size * worker / workers);
  }

  /** Whether the example with this key is still to come before the epoch is cut. */
  boolean uses(long key) {
    return key >= firstKey && key <= lastKey;
  }

  /** Where the example with this key is trained on. */
  EpochPlace place(long key) {
    int index = Arrays.binarySearch(firstKeys, key);
    int slice = slices[Math.max(0, index >= 0 ? index : -index - 2)];
    int step = slice / workers;
    return new EpochPlace(step / stepsPerRound * workers + slice % workers, step, key);
  }

  int steps() {
    return steps;
  }

  /** The first round whose steps are still to be taken. */
  int firstRound() {
    return (stepsBefore + stepsPerRound - 1) / stepsPerRound;
  }

  int rounds() {
    return (steps + stepsPerRound - 1) / stepsPerRound;
  }

  int workers() {
    return workers;
  }

  int stepsOf(int round) {
    return Math.min(stepsPerRound, steps - round * stepsPerRound);
  }

  int firstStepOf(int round) {
    return round * stepsPerRound;
  }

  /** Partitions of a round, by worker. */
  int[] partitionsOf(int round) {
    int[] partitions = new int[workers];
    for (int worker = 0; worker < workers; worker++) {
      partitions[worker] = round * workers + worker;
    }
    return partitions;
  }

  int partitions() {
    return Math.max(1, rounds() * workers);
  }

  /** Whether so many examples with this sum of keys are those of the plan, each exactly once. */
  boolean isCoveredBy(long usedExamples, long usedKeySum) {
    return usedExamples == examples && usedKeySum == keySum;
  }

  long examples() {
    return examples;
  }
}
