package org.rlhf4j.jobs.prepare;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.rlhf4j.jobs.prepare.Candidate.Outcome;

/**
 * Rows to remove, from rows of {@link LikeRow} in the order of cluster, split, dataset, judgement
 * and fingerprint: of a cluster only the split farthest from training is kept, and in it the first
 * row of each judgement.
 */
final class Removals implements Iterator<Row> {
  static final StructType SCHEMA =
      new StructType()
          .add("group", DataTypes.StringType, false)
          .add("file", DataTypes.StringType, false)
          .add("number", DataTypes.LongType, false)
          .add("is_derived", DataTypes.BooleanType, false)
          .add("dataset", DataTypes.StringType, false)
          .add("format", DataTypes.StringType, false)
          .add("is_truncated", DataTypes.BooleanType, false)
          .add("outcome", DataTypes.StringType, false)
          .add("kept_file", DataTypes.StringType, false)
          .add("kept_number", DataTypes.LongType, false);

  private final Iterator<Row> rows;
  private Row firstOfCluster;
  private Row firstOfJudgement;
  private Row found;

  Removals(Iterator<Row> rows) {
    this.rows = rows;
  }

  @Override
  public boolean hasNext() {
    while (found == null && rows.hasNext()) {
      add(rows.next());
    }

    return found != null;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No more removals");
    }

    Row result = found;
    found = null;
    return result;
  }

  private void add(Row row) {
    if (firstOfCluster == null || firstOfCluster.getLong(0) != row.getLong(0)) {
      firstOfCluster = row;
      firstOfJudgement = row;
    } else if (firstOfCluster.getInt(1) != row.getInt(1)) {
      found = removal(row, Outcome.OTHER_SPLIT, firstOfCluster);
    } else if (isSameJudgement(firstOfJudgement, row)) {
      found = removal(row, Outcome.NEAR_DUPLICATE, firstOfJudgement);
    } else {
      firstOfJudgement = row;
    }
  }

  private static boolean isSameJudgement(Row left, Row right) {
    return left.getString(2).equals(right.getString(2))
        && left.getString(3).equals(right.getString(3));
  }

  private static Row removal(Row row, Outcome outcome, Row kept) {
    return RowFactory.create(
        row.getString(5),
        row.getString(6),
        row.getLong(7),
        row.getBoolean(8),
        row.getString(2),
        row.getString(9),
        row.getBoolean(10),
        outcome.name(),
        kept.getString(6),
        kept.getLong(7));
  }
}
