package org.rlhf4j.jobs.quality;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/** Every two votes on one item as rows of {@link CommonItem#SCHEMA}, made as they are asked for. */
final class VotePairs implements Iterator<Row> {
  private final CodedItem item;
  private final OtherVotes others;
  private int one;
  private int two = 1;

  VotePairs(CodedItem item, LabelFit fit) {
    this.item = item;
    this.others = fit.others(item);
  }

  @Override
  public boolean hasNext() {
    return two < item.votes();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }

    Row pair = pair(one, two);
    two++;
    if (two == item.votes()) {
      one++;
      two = one + 1;
    }

    return pair;
  }

  private Row pair(int i, int j) {
    boolean isOrdered = item.annotators()[i] < item.annotators()[j];
    int first = isOrdered ? i : j;
    int second = isOrdered ? j : i;
    return new CommonItem(
            CommonItem.key(item.annotators()[first], item.annotators()[second]),
            CommonItem.key(item.labels()[first], item.labels()[second]),
            item.key(),
            Math.round(others.agreement(i, j) * FixedPoint.UNIT))
        .toRow();
  }
}
