package org.rlhf4j.jobs.train;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.dl4j.TrainingNetwork;
import org.rlhf4j.tensor.Floats;

/**
 * A round of workers on executors, which keep their weights and updater states in pieces. The
 * driver fetches a few pieces of all workers at a time, so that its heap holds no whole vector and
 * no task result is large. An executor that is lost trains its part again.
 */
final class FetchedRound implements TrainedRound {
  /** Fetched together from each worker: 64 MiB. */
  private static final int PIECES = 4;

  private final JavaRDD<RoundPiece> pieces;
  private final int[] partitions;
  private final List<RoundResult> results;

  private FetchedRound(JavaRDD<RoundPiece> pieces, int[] partitions, List<RoundResult> results) {
    this.pieces = pieces;
    this.partitions = partitions;
    this.results = results;
  }

  /**
   * Trains.
   *
   * @param trained one result for each partition
   * @param partitions those of the round, by worker
   */
  static FetchedRound run(JavaRDD<RoundResult> trained, int[] partitions) {
    JavaRDD<RoundPiece> pieces =
        trained
            .mapPartitions(results -> RoundPiece.of(results.next()))
            .persist(StorageLevel.MEMORY_AND_DISK());
    List<RoundResult>[] byPartition =
        pieces.mapPartitions(FetchedRound::summary).collectPartitions(partitions);
    return new FetchedRound(
        pieces, partitions, Stream.of(byPartition).flatMap(List::stream).toList());
  }

  private static Iterator<RoundResult> summary(Iterator<RoundPiece> pieces) {
    List<RoundResult> summaries = new ArrayList<>();
    pieces.forEachRemaining(
        piece -> {
          if (piece instanceof RoundPiece.Summary summary) {
            summaries.add(summary.result());
          }
        });
    return summaries.iterator();
  }

  @Override
  public List<RoundResult> results() {
    return results;
  }

  @Override
  public void average(
      List<RoundResult> contributions, TrainingNetwork driver, long steps, String version) {
    double[] weights = TrainedRound.weights(contributions);
    int[] from = contributions.stream().mapToInt(r -> partitions[results.indexOf(r)]).toArray();
    List<Floats> places = new ArrayList<>();
    for (Floats vector : List.of(driver.parameters(), driver.updaterState())) {
      for (int i = 0; i < FloatChunks.count(vector); i++) {
        places.add(FloatChunks.slice(vector, i));
      }
    }
    for (int first = 0; first < places.size(); first += PIECES) {
      int end = Math.min(places.size(), first + PIECES);
      List<List<byte[]>> byWorker = fetch(from, first, end);
      for (int index = first; index < end; index++) {
        average(byWorker, index - first, weights, places.get(index));
      }
    }
  }

  /** Pieces [first, end) of each worker. */
  private List<List<byte[]>> fetch(int[] from, int first, int end) {
    return Stream.of(pieces.mapPartitions(all -> chunks(all, first, end)).collectPartitions(from))
        .toList();
  }

  private static Iterator<byte[]> chunks(Iterator<RoundPiece> pieces, int first, int end) {
    List<byte[]> chunks = new ArrayList<>();
    while (chunks.size() < end - first) {
      if (pieces.next() instanceof RoundPiece.Chunk chunk && chunk.index() >= first) {
        chunks.add(chunk.values());
      }
    }
    return chunks.iterator();
  }

  private static void average(
      List<List<byte[]>> byWorker, int piece, double[] weights, Floats place) {
    List<Floats> vectors = new ArrayList<>();
    for (List<byte[]> chunks : byWorker) {
      Floats vector = Floats.allocate(place.length());
      FloatChunks.fromBytes(new byte[][] {chunks.get(piece)}, vector);
      vectors.add(vector);
    }
    Averaging.mean(vectors, weights, List.of(place));
  }

  @Override
  public void close() {
    pieces.unpersist(false);
  }
}
