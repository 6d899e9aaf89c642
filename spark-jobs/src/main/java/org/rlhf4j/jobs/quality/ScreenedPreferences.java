package org.rlhf4j.jobs.quality;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.jobs.quality.QualityResult.PreferenceCounts;
import scala.Tuple2;

/**
 * Preferences as a trainer reads them: {@code screened/preferences}, each row's weight times what
 * its annotator's votes weigh; and those left out, unchanged, under {@code screened/dropped}.
 */
final class ScreenedPreferences {
  /** Below the output. */
  static final String DIRECTORY = "screened";

  static final String KEPT = DIRECTORY + "/preferences";
  static final String DROPPED = DIRECTORY + "/dropped";

  private static final long ROWS_PER_FILE = 100_000;

  private ScreenedPreferences() {}

  static PreferenceCounts publish(
      JavaRDD<PreferencePair> pairs,
      Broadcast<Names> names,
      Broadcast<Screen> screen,
      Publisher publisher) {
    JavaRDD<PreferencePair> kept =
        pairs
            .filter(pair -> weight(pair, names.value(), screen.value()) > 0)
            .map(pair -> weighted(pair, weight(pair, names.value(), screen.value())));
    JavaRDD<PreferencePair> dropped =
        pairs.filter(pair -> weight(pair, names.value(), screen.value()) == 0);
    return new PreferenceCounts(
        publisher.publish(KEPT, PreferencePair.class, ordered(kept)),
        publisher.publish(DROPPED, PreferencePair.class, ordered(dropped)));
  }

  /** In files and an order that depend on the rows alone, and not on how the input was cut. */
  private static JavaRDD<PreferencePair> ordered(JavaRDD<PreferencePair> pairs) {
    int files = (int) Math.max(1, (pairs.count() + ROWS_PER_FILE - 1) / ROWS_PER_FILE);
    return pairs
        .mapToPair(pair -> new Tuple2<>(pair.pairId() + " " + content(pair), pair))
        .repartitionAndSortWithinPartitions(new HashPartitioner(files))
        .values();
  }

  /** Tells rows with one id apart. */
  private static String content(PreferencePair pair) {
    return RowIds.hash("pair", List.of(pair.toString()));
  }

  /** Takes back what an earlier run under another policy left, so that nobody trains on it. */
  static void unpublish(Publisher publisher) {
    publisher.unpublish(KEPT);
    publisher.unpublish(DROPPED);
  }

  /** Whether a path is, or lies under, what this class would write. */
  static boolean isOwn(Configuration configuration, String path, String output) {
    try {
      Path own = new Path(output, DIRECTORY);
      FileSystem files = own.getFileSystem(configuration);
      Path above = files.makeQualified(new Path(path));
      while (above != null && !above.equals(files.makeQualified(own))) {
        above = above.getParent();
      }

      return above != null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rows without an annotator, and those of whom no vote counts, are not judged. */
  private static double weight(PreferencePair pair, Names names, Screen screen) {
    return pair.annotator()
        .map(name -> screen.weight(names.number(name, CodedItem.UNKNOWN)))
        .orElse(screen.unjudged());
  }

  private static PreferencePair weighted(PreferencePair pair, double weight) {
    return new PreferencePair(
        pair.pairId(),
        pair.groupId(),
        pair.promptId(),
        pair.split(),
        pair.source(),
        pair.prompt(),
        pair.chosen(),
        pair.rejected(),
        pair.margin(),
        pair.weight() * weight,
        pair.annotator(),
        pair.critique());
  }
}
