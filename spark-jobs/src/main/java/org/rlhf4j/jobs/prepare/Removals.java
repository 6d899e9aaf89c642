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
  private LikeRow firstOfCluster;
  private LikeRow firstOfJudgement;
  private Row found;

  Removals(Iterator<Row> rows) {
    this.rows = rows;
  }

  @Override
  public boolean hasNext() {
    while (found == null && rows.hasNext()) {
      add(LikeRow.fromRow(rows.next()));
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

  private void add(LikeRow row) {
    if (firstOfCluster == null || firstOfCluster.cluster() != row.cluster()) {
      firstOfCluster = row;
      firstOfJudgement = row;
    } else if (firstOfCluster.split() != row.split()) {
      found = removal(row, Outcome.OTHER_SPLIT, firstOfCluster);
    } else if (firstOfJudgement.isLike(row)) {
      found = removal(row, Outcome.NEAR_DUPLICATE, firstOfJudgement);
    } else {
      firstOfJudgement = row;
    }
  }

  private static Row removal(LikeRow row, Outcome outcome, LikeRow kept) {
    return RowFactory.create(
        row.group(),
        row.file(),
        row.number(),
        row.isDerived(),
        row.dataset(),
        row.format(),
        row.isTruncated(),
        outcome.name(),
        kept.file(),
        kept.number());
  }
}
