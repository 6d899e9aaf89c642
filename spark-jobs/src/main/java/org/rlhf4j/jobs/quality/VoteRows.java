package org.rlhf4j.jobs.quality;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.raw.RawFormat;
import org.rlhf4j.data.raw.RawParser;
import org.rlhf4j.data.raw.RawRecord.Vote;
import org.rlhf4j.data.raw.RawResult;
import org.rlhf4j.data.raw.RawResult.Accepted;
import org.rlhf4j.data.raw.RawResult.Rejected;
import org.rlhf4j.jobs.dataset.RawRow;

/** Votes from raw vote rows and from preferences. */
final class VoteRows {
  static final StructType SCHEMA =
      new StructType()
          .add("item", DataTypes.StringType, false)
          .add("annotator", DataTypes.StringType, false)
          .add("label", DataTypes.StringType, true)
          .add("gold", DataTypes.StringType, true);

  static final String FIRST = "first";
  static final String SECOND = "second";

  private static final RawParser PARSER = RawParser.of(RawFormat.VOTE);

  private VoteRows() {}

  /** Nothing if the row is no vote. */
  static Stream<Row> of(RawRow raw) {
    if (raw.isCut() || !(PARSER.parse(raw.bytes()) instanceof Accepted accepted)) {
      return Stream.empty();
    }

    Vote vote = (Vote) accepted.record();
    return Stream.of(
        RowFactory.create(
            vote.item(), vote.annotator(), vote.label().orElse(null), vote.gold().orElse(null)));
  }

  /** The row with the reason, if it is no vote. */
  static Stream<QuarantinedRow> refused(RawRow raw) {
    RawResult result = PARSER.parse(raw.bytes());
    return result instanceof Rejected rejected
        ? Stream.of(
            new QuarantinedRow(
                raw.file(),
                raw.number(),
                rejected.reason().code(),
                rejected.detail(),
                new String(raw.bytes(), StandardCharsets.UTF_8)))
        : Stream.empty();
  }

  /**
   * The item is the prompt with its two responses in alphabetical order; the label says which of
   * them was chosen. Comparisons without an annotator are one annotator's, with an empty name.
   */
  static Row of(PreferencePair pair) {
    String chosen = RowIds.normalize(pair.chosen());
    String rejected = RowIds.normalize(pair.rejected());
    boolean isFirst = chosen.compareTo(rejected) < 0;
    List<String> responses = isFirst ? List.of(chosen, rejected) : List.of(rejected, chosen);
    String item = RowIds.hash("item", List.of(pair.promptId(), responses.get(0), responses.get(1)));
    Optional<String> annotator = pair.annotator();
    return RowFactory.create(item, annotator.orElse(""), isFirst ? FIRST : SECOND, null);
  }
}
