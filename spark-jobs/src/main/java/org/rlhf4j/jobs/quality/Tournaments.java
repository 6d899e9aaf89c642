package org.rlhf4j.jobs.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Groups of comparisons, from the votes on all items. Spark adds up the votes of each pair of
 * things, as integers, so that a group costs a few numbers a pair however many people compared it:
 * some 60 bytes, or 30 MB for all pairs of 1,000 responses.
 */
final class Tournaments implements Iterator<Tournament> {
  private static final double UNIT = 0x1p32;

  /** Columns of a pair before its sums. */
  private static final int NAMES = 3;

  private static final StructType PAIRS =
      new StructType()
          .add("group", DataTypes.StringType, false)
          .add("left", DataTypes.StringType, false)
          .add("right", DataTypes.StringType, false)
          .add("left_wins", DataTypes.LongType, false)
          .add("right_wins", DataTypes.LongType, false)
          .add("left_votes", DataTypes.LongType, false)
          .add("right_votes", DataTypes.LongType, false)
          .add("ties", DataTypes.LongType, false);

  private final Iterator<Row> rows;
  private Optional<Row> ahead = Optional.empty();

  private Tournaments(Iterator<Row> rows) {
    this.rows = rows;
    advance();
  }

  /**
   * @param screen what votes weigh
   */
  static JavaRDD<Tournament> of(SparkSession spark, JavaRDD<CodedItem> compared, Screen screen) {
    return spark
        .createDataFrame(compared.map(item -> pair(item, screen)), PAIRS)
        .groupBy("group", "left", "right")
        .agg(
            sum("left_wins"), sum("right_wins"), sum("left_votes"), sum("right_votes"), sum("ties"))
        .repartition(col("group"))
        .sortWithinPartitions("group", "left", "right")
        .javaRDD()
        .mapPartitions(Tournaments::new);
  }

  /** Ties are half a win of either side. */
  private static Row pair(CodedItem item, Screen screen) {
    long[] wins = new long[2];
    long[] votes = new long[3];
    for (int v = 0; v < item.votes(); v++) {
      int choice = item.choices()[v];
      if (choice == CodedItem.UNKNOWN) {
        continue;
      }

      votes[choice]++;
      double weight = screen.weight(item.annotators()[v]);
      wins[0] += Math.round(weight * UNIT * share(choice, CodedItem.LEFT));
      wins[1] += Math.round(weight * UNIT * share(choice, CodedItem.RIGHT));
    }

    List<String> contest = item.contest();
    return RowFactory.create(
        contest.get(0),
        contest.get(1),
        contest.get(2),
        wins[0],
        wins[1],
        votes[0],
        votes[1],
        votes[2]);
  }

  private static double share(int choice, int side) {
    return choice == CodedItem.TIE ? 0.5 : choice == side ? 1 : 0;
  }

  @Override
  public boolean hasNext() {
    return ahead.isPresent();
  }

  @Override
  public Tournament next() {
    String group = ahead.orElseThrow(NoSuchElementException::new).getString(0);
    Builder tournament = new Builder();
    while (ahead.isPresent() && ahead.get().getString(0).equals(group)) {
      tournament.add(ahead.get());
      advance();
    }

    return tournament.build(group);
  }

  private void advance() {
    ahead = rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
  }

  /** Grows as pairs come; things get numbers as they come, and those of their order at the end. */
  private static final class Builder {
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private int[] sides = new int[32];
    private double[] wins = new double[32];
    private int[] votes = new int[48];
    private int pairs;

    void add(Row row) {
      if (2 * pairs == sides.length) {
        sides = Arrays.copyOf(sides, 2 * sides.length);
        wins = Arrays.copyOf(wins, 2 * wins.length);
        votes = Arrays.copyOf(votes, 2 * votes.length);
      }

      for (int side = 0; side < 2; side++) {
        sides[2 * pairs + side] = number(row.getString(1 + side));
        wins[2 * pairs + side] = row.getLong(NAMES + side) / UNIT;
      }

      for (int kind = 0; kind < 3; kind++) {
        votes[3 * pairs + kind] = Math.toIntExact(row.getLong(NAMES + 2 + kind));
      }

      pairs++;
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

      Tournament tournament =
          new Tournament(
              group,
              ordered,
              new int[pairs],
              new int[pairs],
              new double[2][pairs],
              new int[3][ordered.length]);
      for (int e = 0; e < pairs; e++) {
        tournament.left()[e] = places[sides[2 * e]];
        tournament.right()[e] = places[sides[2 * e + 1]];
        tournament.wins()[0][e] = wins[2 * e];
        tournament.wins()[1][e] = wins[2 * e + 1];
        addRecords(tournament, e);
      }

      return tournament;
    }

    private void addRecords(Tournament tournament, int e) {
      int left = tournament.left()[e];
      int right = tournament.right()[e];
      int[][] records = tournament.records();
      records[Tournament.WON][left] += votes[3 * e];
      records[Tournament.LOST][right] += votes[3 * e];
      records[Tournament.WON][right] += votes[3 * e + 1];
      records[Tournament.LOST][left] += votes[3 * e + 1];
      records[Tournament.TIED][left] += votes[3 * e + 2];
      records[Tournament.TIED][right] += votes[3 * e + 2];
    }
  }
}
