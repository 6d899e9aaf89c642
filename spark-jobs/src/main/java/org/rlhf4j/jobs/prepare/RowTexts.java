package org.rlhf4j.jobs.prepare;

import java.util.List;
import java.util.stream.Stream;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.raw.DatasetRecord;
import org.rlhf4j.data.raw.RawRecord.Comparisons;
import org.rlhf4j.data.raw.RawRecord.DemonstratedResponse;
import org.rlhf4j.data.raw.RawRecord.Ranking;
import org.rlhf4j.data.raw.RawRecord.RatedResponse;
import org.rlhf4j.data.raw.RawRecord.Tree;

/** The texts of a row. */
final class RowTexts {
  private RowTexts() {}

  /** Contents of the prompt's turns, then the responses. */
  static Stream<String> of(DatasetRecord row) {
    if (row instanceof Tree tree) {
      return tree.rankings().stream().flatMap(RowTexts::of);
    }

    return Stream.concat(row.prompt().stream().map(Message::content), responses(row).stream());
  }

  /** The responses of a row that is no tree. */
  static List<String> responses(DatasetRecord row) {
    if (row instanceof Ranking ranking) {
      return ranking.responses();
    } else if (row instanceof Comparisons comparisons) {
      return comparisons.pairs().stream()
          .flatMap(pair -> pair.responses().stream())
          .distinct()
          .toList();
    } else if (row instanceof RatedResponse rated) {
      return List.of(rated.response());
    } else if (row instanceof DemonstratedResponse demonstrated) {
      return List.of(demonstrated.response());
    }

    return List.of();
  }
}
