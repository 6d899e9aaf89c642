package org.rlhf4j.jobs.quality;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.rlhf4j.jobs.quality.CastItem.CastVote;

/**
 * The rows of one item, in the order of {@link CastItems}. Votes between different options are no
 * votes on one question, so they become items of their own, with one name. Rows without options
 * join those with some where these all have the same.
 */
final class ItemRows {
  private static final int ANNOTATOR = VoteRows.SCHEMA.fieldIndex("annotator");
  private static final int LABEL = VoteRows.SCHEMA.fieldIndex("label");
  private static final int GOLD = VoteRows.SCHEMA.fieldIndex("gold");
  private static final int TIME = VoteRows.SCHEMA.fieldIndex("time");
  private static final int GROUP = VoteRows.SCHEMA.fieldIndex("group");
  private static final int LEFT = VoteRows.SCHEMA.fieldIndex("left");
  private static final int RIGHT = VoteRows.SCHEMA.fieldIndex("right");
  private static final int CHOICE = VoteRows.SCHEMA.fieldIndex("choice");
  private static final int POSITION = VoteRows.SCHEMA.fieldIndex("position");
  private static final int LONGER = VoteRows.SCHEMA.fieldIndex("longer");
  private static final int CLUSTER = VoteRows.SCHEMA.fieldIndex("cluster");

  private static final Options NONE = new Options("", "");

  private final String name;
  private Optional<String> cluster = Optional.empty();
  private final List<Ballot> ballots = new ArrayList<>();

  /** The last ballots are those of the annotator at hand, from this place on. */
  private int open;

  /** By options, of several groups or golds the last in order, which depends on no row's place. */
  private final Map<Options, String> groups = new TreeMap<>();

  private final Map<Options, String> golds = new TreeMap<>();
  private long missing;
  private long goldRows;

  /** The things an annotator chose from, by name; both are empty if a row names none. */
  private record Options(String left, String right) implements Comparable<Options> {
    private static final Comparator<Options> ORDER =
        Comparator.comparing(Options::left).thenComparing(Options::right);

    @Override
    public int compareTo(Options other) {
      return ORDER.compare(this, other);
    }

    boolean hold(String label) {
      return label.equals(left) || label.equals(right);
    }
  }

  /** Rows of one annotator between the same options. */
  private static final class Ballot {
    private final Options options;
    private final CastVote vote;
    private long rows = 1;
    private boolean isContradictory;

    Ballot(Options options, CastVote vote) {
      this.options = options;
      this.vote = vote;
    }

    void add(String label, long more) {
      rows += more;
      isContradictory |= !label.equals(vote.label());
    }
  }

  ItemRows(String name) {
    this.name = name;
  }

  void add(Row row) {
    Options options =
        row.isNullAt(LEFT) ? NONE : new Options(row.getString(LEFT), row.getString(RIGHT));
    addFacts(row, options);
    if (row.isNullAt(LABEL)) {
      boolean isGold = row.getString(ANNOTATOR).isEmpty();
      goldRows += isGold ? 1 : 0;
      missing += isGold ? 0 : 1;
      return;
    }

    String annotator = row.getString(ANNOTATOR);
    if (open < ballots.size() && !ballots.get(open).vote.annotator().equals(annotator)) {
      open = ballots.size();
    }

    for (int place = open; place < ballots.size(); place++) {
      if (ballots.get(place).options.equals(options)) {
        ballots.get(place).add(row.getString(LABEL), 1);
        return;
      }
    }

    ballots.add(new Ballot(options, vote(row)));
  }

  private void addFacts(Row row, Options options) {
    if (!row.isNullAt(CLUSTER)) {
      cluster = Optional.of(row.getString(CLUSTER));
    }

    if (!row.isNullAt(GOLD)) {
      golds.merge(options, row.getString(GOLD), ItemRows::last);
    }

    if (!options.equals(NONE)) {
      groups.merge(options, row.getString(GROUP), ItemRows::last);
    }
  }

  private static String last(String one, String other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static CastVote vote(Row row) {
    return new CastVote(
        row.getString(ANNOTATOR),
        row.getString(LABEL),
        row.isNullAt(TIME) ? CodedItem.NO_TIME : row.getLong(TIME),
        mark(row, CHOICE),
        mark(row, POSITION),
        mark(row, LONGER));
  }

  private static byte mark(Row row, int column) {
    return row.isNullAt(column) ? (byte) CodedItem.UNKNOWN : (byte) row.getInt(column);
  }

  /** One item for each of the different options, in their order; at least one. */
  List<CastItem> items() {
    List<CastItem> items = new ArrayList<>();
    if (groups.size() <= 1) {
      Options options = groups.keySet().stream().findFirst().orElse(NONE);
      Optional<String> gold = golds.values().stream().reduce(ItemRows::last);
      items.add(item(options, onePerAnnotator(), gold, missing, goldRows));
      return items;
    }

    for (Options options : groups.keySet()) {
      items.add(item(options, gold(options)));
    }

    items.add(item(NONE, Optional.ofNullable(golds.get(NONE))));
    return items;
  }

  private CastItem item(Options options, Optional<String> gold) {
    List<Ballot> own = ballots.stream().filter(b -> b.options.equals(options)).toList();
    boolean isLast = options.equals(NONE);
    return item(options, own, gold, isLast ? missing : 0, isLast ? goldRows : 0);
  }

  /** A gold without options is that of the options that hold it, or of all if none do. */
  private Optional<String> gold(Options options) {
    Optional<String> own = Optional.ofNullable(golds.get(options));
    return own.or(() -> Optional.ofNullable(golds.get(NONE)))
        .filter(
            gold -> options.hold(gold) || groups.keySet().stream().noneMatch(o -> o.hold(gold)));
  }

  /** Where all options are the same, those who named none meant them. */
  private List<Ballot> onePerAnnotator() {
    List<Ballot> merged = new ArrayList<>(ballots.size());
    for (Ballot ballot : ballots) {
      Ballot last = merged.isEmpty() ? ballot : merged.get(merged.size() - 1);
      if (last == ballot || !last.vote.annotator().equals(ballot.vote.annotator())) {
        merged.add(ballot);
        continue;
      }

      Ballot kept = last.options.equals(NONE) ? ballot : last;
      Ballot added = last.options.equals(NONE) ? last : ballot;
      kept.add(added.vote.label(), added.rows);
      kept.isContradictory |= added.isContradictory;
      merged.set(merged.size() - 1, kept);
    }

    return merged;
  }

  private CastItem item(
      Options options, List<Ballot> own, Optional<String> gold, long unlabelled, long right) {
    List<CastVote> votes = new ArrayList<>(own.size());
    long duplicate = 0;
    long contradictory = 0;
    for (Ballot ballot : own) {
      if (ballot.isContradictory) {
        contradictory += ballot.rows;
      } else {
        duplicate += ballot.rows - 1;
        votes.add(coded(options, ballot.vote));
      }
    }

    return new CastItem(
        name,
        cluster.orElse(name),
        votes,
        gold.map(label -> coded(options, label)),
        contest(options),
        duplicate,
        contradictory,
        unlabelled,
        right);
  }

  private List<String> contest(Options options) {
    return options.equals(NONE)
        ? List.of()
        : List.of(groups.get(options), options.left, options.right);
  }

  private static CastVote coded(Options options, CastVote vote) {
    String label = coded(options, vote.label());
    return label.equals(vote.label())
        ? vote
        : new CastVote(
            vote.annotator(), label, vote.time(), vote.choice(), vote.position(), vote.longer());
  }

  /** Things compared differ from item to item; as labels they are the first and the second. */
  private static String coded(Options options, String label) {
    if (options.equals(NONE) || !options.hold(label)) {
      return label;
    }

    return label.equals(options.left) ? VoteRows.FIRST : VoteRows.SECOND;
  }
}
