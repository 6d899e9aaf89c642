package org.rlhf4j.jobs.quality;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.raw.RawFormat;
import org.rlhf4j.data.raw.RawParser;
import org.rlhf4j.data.raw.RawRecord.Vote;
import org.rlhf4j.data.raw.RawResult;
import org.rlhf4j.data.raw.RawResult.Accepted;
import org.rlhf4j.data.raw.RawResult.Rejected;
import org.rlhf4j.data.raw.VoteLabel;
import org.rlhf4j.jobs.dataset.RawRow;

/** Votes from raw vote rows, from preferences and from ratings. */
final class VoteRows {
  static final StructType SCHEMA =
      new StructType()
          .add("item", DataTypes.StringType, false)
          .add("annotator", DataTypes.StringType, false)
          .add("label", DataTypes.StringType, true)
          .add("gold", DataTypes.StringType, true)
          .add("time", DataTypes.LongType, true)
          .add("group", DataTypes.StringType, true)
          .add("left", DataTypes.StringType, true)
          .add("right", DataTypes.StringType, true)
          .add("choice", DataTypes.IntegerType, true)
          .add("position", DataTypes.IntegerType, true)
          .add("longer", DataTypes.IntegerType, true)
          .add("cluster", DataTypes.StringType, true);

  private static final int LABEL = SCHEMA.fieldIndex("label");
  private static final int GOLD = SCHEMA.fieldIndex("gold");
  private static final int GROUP = SCHEMA.fieldIndex("group");
  private static final int CLUSTER = SCHEMA.fieldIndex("cluster");

  static final String FIRST = "first";
  static final String SECOND = "second";

  private static final RawParser PARSER = RawParser.of(RawFormat.VOTE);

  private VoteRows() {}

  private static Row row(Vote vote) {
    Object[] row = new Object[SCHEMA.size()];
    row[0] = vote.item();
    row[1] = vote.annotator();
    row[2] = vote.label().orElse(null);
    row[3] = vote.gold().orElse(null);
    row[4] = vote.time().orElse(null);
    if (!vote.options().isEmpty()) {
      List<String> sorted = vote.options().stream().sorted().toList();
      row[5] = vote.group().orElse("");
      row[6] = sorted.get(0);
      row[7] = sorted.get(1);
      vote.label()
          .map(sorted::indexOf)
          .ifPresent(i -> row[8] = i < 0 ? Integer.valueOf(CodedItem.TIE) : i);
      vote.label().map(vote.options()::indexOf).filter(i -> i >= 0).ifPresent(i -> row[9] = i);
    }

    return RowFactory.create(row);
  }

  /**
   * Nothing if the row is no vote.
   *
   * @param refused counts those rows
   */
  static Stream<Row> of(RawRow raw, LongAccumulator refused) {
    Optional<Row> row = row(raw);
    if (row.isEmpty()) {
      refused.add(1);
    }

    return row.stream();
  }

  private static Optional<Row> row(RawRow raw) {
    return parsed(raw) instanceof Accepted accepted
        ? Optional.of(row((Vote) accepted.record()))
        : Optional.empty();
  }

  private static RawResult parsed(RawRow raw) {
    return raw.tooLarge()
        .<RawResult>map(rejected -> rejected)
        .orElseGet(() -> PARSER.parse(raw.bytes()));
  }

  /** What a vote row says to be right: its gold, or else its label; null if it says nothing. */
  static Stream<Row> gold(RawRow raw) {
    return row(raw).stream()
        .map(
            row ->
                row.isNullAt(GOLD)
                    ? gold(row, row.getString(LABEL))
                    : gold(row, row.getString(GOLD)));
  }

  /** A preference that is right. */
  static Row gold(PreferencePair pair) {
    Row row = of(pair);
    return gold(row, row.getString(LABEL));
  }

  private static Row gold(Row vote, String label) {
    Object[] row = new Object[SCHEMA.size()];
    row[0] = vote.get(0);
    row[1] = "";
    row[GOLD] = label;
    row[CLUSTER] = vote.get(CLUSTER);
    for (int column = GROUP; column < GROUP + 3; column++) {
      row[column] = vote.get(column);
    }

    return RowFactory.create(row);
  }

  /** The row with the reason, if it is no vote. */
  static Stream<QuarantinedRow> refused(RawRow raw) {
    return parsed(raw) instanceof Rejected rejected
        ? Stream.of(
            new QuarantinedRow(
                raw.file(), raw.number(), rejected.reason().code(), rejected.detail(), raw.text()))
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
    Object[] row = new Object[SCHEMA.size()];
    row[0] = item;
    row[1] = pair.annotator().orElse("");
    row[2] = isFirst ? FIRST : SECOND;
    row[5] = pair.promptId();
    row[6] = responseId(responses.get(0));
    row[7] = responseId(responses.get(1));
    row[8] = isFirst ? 0 : 1;
    int difference = Integer.compare(length(pair.chosen()), length(pair.rejected()));
    row[10] = difference == 0 ? null : difference > 0 ? 1 : 0;
    row[CLUSTER] = pair.promptId();
    return RowFactory.create(row);
  }

  /** The item is the prompt with the response, the label is the grade. */
  static Row of(Rating rating) {
    Object[] row = new Object[SCHEMA.size()];
    row[0] = ratedItem(rating.promptId(), RowIds.normalize(rating.response()));
    row[1] = rating.annotator().orElse("");
    row[LABEL] = VoteLabel.of(rating.rating());
    row[CLUSTER] = rating.promptId();
    return RowFactory.create(row);
  }

  /** A grade that is right. */
  static Row gold(Rating rating) {
    Row row = of(rating);
    return gold(row, row.getString(LABEL));
  }

  private static String ratedItem(String promptId, String normalizedResponse) {
    return RowIds.hash("rated", List.of(promptId, normalizedResponse));
  }

  /** Name of a response in the rankings. */
  static String responseId(String normalizedResponse) {
    return RowIds.hash("response", List.of(normalizedResponse));
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
