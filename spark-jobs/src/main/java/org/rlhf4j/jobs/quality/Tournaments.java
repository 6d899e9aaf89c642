package org.rlhf4j.jobs.quality;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Groups of comparisons, from the votes on all items. A group costs some 60 bytes for each pair of
 * things that were compared, and 4 for each vote: 30 MB for all pairs of 1,000 responses, and 4 MB
 * for a million votes.
 */
final class Tournaments implements Iterator<Tournament> {
  /** Columns of a pair before its sums. */
  private static final int NAMES = 3;

  private static final StructType PAIRS =
      new StructType()
          .add("group", DataTypes.StringType, false)
          .add("left", DataTypes.StringType, false)
          .add("right", DataTypes.StringType, false)
          .add("votes", DataTypes.createArrayType(DataTypes.IntegerType, false), false);

  private final RowRuns rows;
  private final Screen screen;

  private Tournaments(Iterator<Row> rows, Screen screen) {
    this.rows = new RowRuns(rows);
    this.screen = screen;
  }

  /**
   * @param screen what votes weigh
   */
  static JavaRDD<Tournament> of(
      SparkSession spark, JavaRDD<CodedItem> compared, Broadcast<Screen> screen) {
    return spark
        .createDataFrame(compared.map(Tournaments::pair), PAIRS)
        .repartition(col("group"))
        .sortWithinPartitions("group", "left", "right")
        .javaRDD()
        .mapPartitions(rows -> new Tournaments(rows, screen.value()));
  }

  private static Row pair(CodedItem item) {
    List<Integer> votes = new ArrayList<>(item.votes());
    for (int v = 0; v < item.votes(); v++) {
      if (item.choices()[v] != CodedItem.UNKNOWN) {
        votes.add(Tournament.packed(item.annotators()[v], item.choices()[v]));
      }
    }

    List<String> contest = item.contest();
    return RowFactory.create(
        contest.get(0), contest.get(1), contest.get(2), votes.toArray(Integer[]::new));
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public Tournament next() {
    String group = rows.first().getString(0);
    Builder tournament = new Builder(screen);
    rows.read(row -> row.getString(0).equals(group), tournament::add);
    return tournament.build(group);
  }

  /** Grows as pairs come; things get numbers as they come, and those of their order at the end. */
  private static final class Builder {
    private final Screen screen;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private int[] sides = new int[32];
    private int[] starts = new int[32];
    private int[] votes = new int[64];
    private int pairs;
    private int used;

    Builder(Screen screen) {
      this.screen = screen;
    }

    /**
     * @param row in the order of the pairs, of which several rows may be about the same
     */
    void add(Row row) {
      int left = number(row.getString(1));
      int right = number(row.getString(2));
      if (pairs == 0 || sides[2 * pairs - 2] != left || sides[2 * pairs - 1] != right) {
        sides = 2 * pairs == sides.length ? Arrays.copyOf(sides, 4 * pairs) : sides;
        starts = pairs == starts.length ? Arrays.copyOf(starts, 2 * pairs) : starts;
        sides[2 * pairs] = left;
        sides[2 * pairs + 1] = right;
        starts[pairs++] = used;
      }

      List<Integer> more = row.getList(NAMES);
      for (int vote : more) {
        votes = used == votes.length ? Arrays.copyOf(votes, 2 * used) : votes;
        votes[used++] = vote;
      }
    }

    private int number(String name) {
      Integer known = numbers.putIfAbsent(name, names.size());
      if (known == null) {
        names.add(name);
      }

      return known == null ? names.size() - 1 : known;
    }

    Tournament build(String group) {
      String[] ordered = names.toArray(String[]::new);
      Arrays.sort(ordered);
      int[] places = new int[ordered.length];
      for (int i = 0; i < ordered.length; i++) {
        places[numbers.get(ordered[i])] = i;
      }

      int[] ends = Arrays.copyOf(starts, pairs + 1);
      ends[pairs] = used;
      Tournament tournament =
          new Tournament(
              group,
              ordered,
              new int[pairs],
              new int[pairs],
              new double[2][pairs],
              ends,
              Arrays.copyOf(votes, used),
              new int[3][ordered.length]);
      for (int e = 0; e < pairs; e++) {
        tournament.left()[e] = places[sides[2 * e]];
        tournament.right()[e] = places[sides[2 * e + 1]];
        Arrays.sort(tournament.votes(), ends[e], ends[e + 1]); // whatever order the rows had
        addVotes(tournament, e);
      }

      return tournament;
    }

    /** As integers, so that rounding knows no order. Ties are half a win of either side. */
    private void addVotes(Tournament tournament, int e) {
      long[] wins = new long[2];
      for (int v = tournament.starts()[e]; v < tournament.starts()[e + 1]; v++) {
        double weight = screen.weight(tournament.annotator(v));
        double leftShare = tournament.leftShare(v);
        wins[0] += Math.round(weight * FixedPoint.UNIT * leftShare);
        wins[1] += Math.round(weight * FixedPoint.UNIT * (1 - leftShare));
        addRecord(tournament.records(), tournament.left()[e], leftShare);
        addRecord(tournament.records(), tournament.right()[e], 1 - leftShare);
      }

      tournament.wins()[0][e] = wins[0] / FixedPoint.UNIT;
      tournament.wins()[1][e] = wins[1] / FixedPoint.UNIT;
    }

    private static void addRecord(int[][] records, int thing, double share) {
      int kind = share == 1 ? Tournament.WON : share == 0 ? Tournament.LOST : Tournament.TIED;
      records[kind][thing]++;
    }
  }
}
