package org.rlhf4j.jobs.train;

import java.util.List;
import org.rlhf4j.dl4j.TrainingNetwork;

/** What the workers of a round brought about; closing it frees what was not averaged. */
interface TrainedRound extends AutoCloseable {
  /** By worker. */
  List<RoundResult> results();

  /**
   * Sets the driver's network to the average of weights and updater state.
   *
   * @param contributions those of the {@link #results} that have data
   * @param driver its weights and updater state are set
   * @param steps taken to get to the average
   * @param version of the average
   */
  void average(List<RoundResult> contributions, TrainingNetwork driver, long steps, String version);

  /** What each worker counts. */
  static double[] weights(List<RoundResult> contributions) {
    return contributions.stream().mapToDouble(RoundResult::weight).toArray();
  }

  @Override
  void close();
}
