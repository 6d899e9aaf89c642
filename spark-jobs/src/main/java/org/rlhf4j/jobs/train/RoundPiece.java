package org.rlhf4j.jobs.train;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.rlhf4j.tensor.Floats;

/**
 * What a worker on an executor leaves for the driver, in this order: its weights and updater state
 * in pieces, of which the driver fetches some at a time, and what it measured.
 */
sealed interface RoundPiece extends Serializable {
  /**
   * One piece of a vector.
   *
   * @param index among those of the weights and, after them, of the updater state
   */
  record Chunk(int index, byte[] values) implements RoundPiece {}

  /** The end. */
  record Summary(RoundResult result) implements RoundPiece {}

  /**
   * All pieces of a result of this JVM, packed when asked for; the network is given back at the
   * end.
   */
  static Iterator<RoundPiece> of(RoundResult result) {
    if (result.steps().isEmpty() || result.divergence().isPresent()) {
      return List.<RoundPiece>of(new Summary(result)).iterator();
    }
    WorkerNetworks.WorkerNetwork network =
        WorkerNetworks.takeResult(result.version()).orElseThrow();
    Laps laps = new Laps();
    Stream<RoundPiece> chunks = chunks(network.network().parameters(), 0);
    int first = FloatChunks.count(network.network().parameters());
    Stream<RoundPiece> end =
        Stream.of(result)
            .map(
                trained -> {
                  WorkerNetworks.release(network);
                  return new Summary(trained.packedIn(laps.next()));
                });
    return Stream.of(chunks, chunks(network.network().updaterState(), first), end)
        .reduce(Stream::concat)
        .orElseThrow()
        .iterator();
  }

  private static Stream<RoundPiece> chunks(Floats values, int first) {
    return IntStream.range(0, FloatChunks.count(values))
        .mapToObj(i -> new Chunk(first + i, FloatChunks.toBytes(values, i)));
  }
}
