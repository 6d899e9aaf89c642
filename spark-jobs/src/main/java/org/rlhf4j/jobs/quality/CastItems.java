package org.rlhf4j.jobs.quality;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.rlhf4j.jobs.quality.CastItem.CastVote;

/**
 * Items from the rows of {@link VoteRows#SCHEMA}, which are in the order of item, annotator, label
 * and the rest of the vote. Holds one item at a time.
 */
final class CastItems implements Iterator<CastItem> {
  private static final int ITEM = VoteRows.SCHEMA.fieldIndex("item");
  private static final int ANNOTATOR = VoteRows.SCHEMA.fieldIndex("annotator");
  private static final int LABEL = VoteRows.SCHEMA.fieldIndex("label");
  private static final int GOLD = VoteRows.SCHEMA.fieldIndex("gold");
  private static final int TIME = VoteRows.SCHEMA.fieldIndex("time");
  private static final int GROUP = VoteRows.SCHEMA.fieldIndex("group");
  private static final int CHOICE = VoteRows.SCHEMA.fieldIndex("choice");
  private static final int POSITION = VoteRows.SCHEMA.fieldIndex("position");
  private static final int LONGER = VoteRows.SCHEMA.fieldIndex("longer");

  private final Iterator<Row> rows;
  private Optional<Row> ahead = Optional.empty();

  CastItems(Iterator<Row> rows) {
    this.rows = rows;
    advance();
  }

  @Override
  public boolean hasNext() {
    return ahead.isPresent();
  }

  @Override
  public CastItem next() {
    Row first = ahead.orElseThrow(NoSuchElementException::new);
    Builder item = new Builder(first.getString(ITEM));
    while (ahead.isPresent() && ahead.get().getString(ITEM).equals(item.name)) {
      item.add(ahead.get());
      advance();
    }

    return item.build();
  }

  private void advance() {
    ahead = rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
  }

  private static final class Builder {
    private final String name;
    private final List<CastVote> votes = new ArrayList<>();
    private Optional<String> gold = Optional.empty();
    private List<String> contest = List.of();
    private long duplicate;
    private long contradictory;
    private long missing;
    private long goldRows;

    /** The first vote of the annotator at hand, and what came after it. */
    private Optional<CastVote> vote = Optional.empty();

    private long equal;
    private long different;

    Builder(String name) {
      this.name = name;
    }

    void add(Row row) {
      addFacts(row);
      if (row.isNullAt(LABEL)) {
        boolean isGold = row.getString(ANNOTATOR).isEmpty();
        goldRows += isGold ? 1 : 0;
        missing += isGold ? 0 : 1;
        return;
      }

      String annotator = row.getString(ANNOTATOR);
      if (vote.isPresent() && vote.get().annotator().equals(annotator)) {
        boolean isEqual = vote.get().label().equals(row.getString(LABEL));
        equal += isEqual ? 1 : 0;
        different += isEqual ? 0 : 1;
        return;
      }

      endVote();
      vote =
          Optional.of(
              new CastVote(
                  annotator,
                  row.getString(LABEL),
                  row.isNullAt(TIME) ? CodedItem.NO_TIME : row.getLong(TIME),
                  mark(row, CHOICE),
                  mark(row, POSITION),
                  mark(row, LONGER)));
    }

    /** Of several golds, or things compared, the last in order, which depends on no row's place. */
    private void addFacts(Row row) {
      if (!row.isNullAt(GOLD)) {
        String more = row.getString(GOLD);
        gold = Optional.of(gold.filter(known -> known.compareTo(more) > 0).orElse(more));
      }

      if (!row.isNullAt(GROUP + 1)) {
        List<String> more =
            List.of(row.getString(GROUP), row.getString(GROUP + 1), row.getString(GROUP + 2));
        contest = contest.isEmpty() || compare(more, contest) > 0 ? more : contest;
      }
    }

    private void endVote() {
      if (vote.isEmpty()) {
        return;
      }

      if (different == 0) {
        votes.add(vote.get());
        duplicate += equal;
      } else {
        contradictory += 1 + equal + different;
      }

      vote = Optional.empty();
      equal = 0;
      different = 0;
    }

    CastItem build() {
      endVote();
      List<CastVote> coded = votes.stream().map(this::coded).toList();
      return new CastItem(
          name, coded, gold.map(this::coded), contest, duplicate, contradictory, missing, goldRows);
    }

    private CastVote coded(CastVote vote) {
      return new CastVote(
          vote.annotator(),
          coded(vote.label()),
          vote.time(),
          vote.choice(),
          vote.position(),
          vote.longer());
    }

    /** Things compared differ from item to item; as labels they are the first and the second. */
    private String coded(String label) {
      int place = contest.isEmpty() ? -1 : contest.subList(1, 3).indexOf(label);
      return place < 0 ? label : place == 0 ? VoteRows.FIRST : VoteRows.SECOND;
    }

    private static int compare(List<String> one, List<String> other) {
      for (int i = 0; i < one.size(); i++) {
        int order = one.get(i).compareTo(other.get(i));
        if (order != 0) {
          return order;
        }
      }

      return 0;
    }

    private static byte mark(Row row, int column) {
      return row.isNullAt(column) ? (byte) CodedItem.UNKNOWN : (byte) row.getInt(column);
    }
  }
}
