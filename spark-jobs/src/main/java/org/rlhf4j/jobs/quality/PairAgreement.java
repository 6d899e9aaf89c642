package org.rlhf4j.jobs.quality;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.rlhf4j.jobs.quality.CohenKappa.Cell;

/**
 * Every two annotators that have an item in common: Cohen's kappa, and whether they agree more
 * often than two people who vote on their own.
 *
 * <p>Under the model of the annotators two votes are independent given the right label, so the
 * number of agreements on the common items has mean sum p and variance sum p (1 - p), with p the
 * probability of {@link LabelModel#agreement}. Pairs far above it are one person under two names,
 * or two who copy. Sums are integers or decimals, hence the same in any order.
 */
final class PairAgreement implements AutoCloseable {
  /** Pairs of votes beyond which the pairs of annotators, which grow with them, are left out. */
  static final long MAX_PAIRS = 200_000_000L;

  private static final int DECIMALS = 18;
  private static final double UNIT = 0x1p32;

  private static final StructType PAIRS =
      new StructType()
          .add("pair", DataTypes.LongType, false)
          .add("cell", DataTypes.LongType, false)
          .add("expected", DataTypes.LongType, false)
          .add("variance", DataTypes.LongType, false);

  private static final StructType RESULTS =
      new StructType()
          .add("pair", DataTypes.LongType, false)
          .add("kappa", DataTypes.createDecimalType(DECIMALS + 2, DECIMALS), true)
          .add("items", DataTypes.LongType, false)
          .add("agreeing", DataTypes.LongType, false)
          .add("expected", DataTypes.DoubleType, false)
          .add("deviation", DataTypes.DoubleType, false);

  private final Dataset<Row> pairs;

  /** Two annotators, by number, with votes that hardly come from two people. */
  record Suspicion(
      int annotator, int other, long items, long agreeing, double expected, double deviation)
      implements Serializable {}

  private PairAgreement(Dataset<Row> pairs) {
    this.pairs = pairs;
  }

  static PairAgreement of(SparkSession spark, JavaRDD<CodedItem> items, Broadcast<LabelFit> fit) {
    FlatMapFunction<CodedItem, Row> pairs = item -> pairsOn(item, fit.value());
    FlatMapFunction<Row, Row> result = PairAgreement::result;
    JavaRDD<Row> results =
        spark
            .createDataFrame(items.flatMap(pairs), PAIRS)
            .groupBy("pair", "cell")
            .agg(
                count(lit(1)).as("items"),
                sum("expected").as("expected"),
                sum("variance").as("variance"))
            .groupBy("pair")
            .agg(collect_list(struct(col("cell"), col("items"))), sum("expected"), sum("variance"))
            .javaRDD()
            .flatMap(result);
    return new PairAgreement(
        spark.createDataFrame(results, RESULTS).persist(StorageLevel.MEMORY_AND_DISK()));
  }

  /** Mean of the kappas that are defined, over pairs. */
  OptionalDouble meanKappa() {
    Row mean = pairs.agg(avg("kappa")).head();
    return mean.isNullAt(0)
        ? OptionalDouble.empty()
        : OptionalDouble.of(mean.getDecimal(0).doubleValue());
  }

  /** Pairs with enough items in common and a deviation, in standard errors, above a bound. */
  JavaRDD<Suspicion> suspicions(int minItems, double minDeviation) {
    return pairs
        .filter(col("items").geq(minItems).and(col("deviation").geq(minDeviation)))
        .javaRDD()
        .map(
            row ->
                new Suspicion(
                    (int) (row.getLong(0) >>> Integer.SIZE),
                    (int) row.getLong(0),
                    row.getLong(2),
                    row.getLong(3),
                    row.getDouble(4),
                    row.getDouble(5)));
  }

  private static Iterator<Row> pairsOn(CodedItem item, LabelFit fit) {
    Posterior posterior = fit.posterior(item);
    List<Row> pairs = new ArrayList<>();
    for (int i = 0; i < item.votes(); i++) {
      for (int j = i + 1; j < item.votes(); j++) {
        double expected =
            fit.model()
                .agreement(posterior, item.annotators()[i], item.annotators()[j], fit.parameters());
        pairs.add(
            RowFactory.create(
                key(item.annotators()[i], item.annotators()[j]),
                key(item.labels()[i], item.labels()[j]),
                Math.round(expected * UNIT),
                Math.round(expected * (1 - expected) * UNIT)));
      }
    }

    return pairs.iterator();
  }

  private static long key(int first, int second) {
    return (long) first << Integer.SIZE | second;
  }

  private static Iterator<Row> result(Row pair) {
    List<Row> counts = pair.getList(1);
    List<Cell> cells = new ArrayList<>(counts.size());
    long items = 0;
    long agreeing = 0;
    for (Row count : counts) {
      int first = (int) (count.getLong(0) >>> Integer.SIZE);
      int second = (int) count.getLong(0);
      cells.add(new Cell(first, second, count.getLong(1)));
      items += count.getLong(1);
      agreeing += first == second ? count.getLong(1) : 0;
    }

    OptionalDouble kappa = CohenKappa.of(cells);
    double expected = pair.getLong(2) / UNIT;
    double variance = pair.getLong(3) / UNIT;
    BigDecimal decimal =
        kappa.isPresent()
            ? BigDecimal.valueOf(kappa.getAsDouble()).setScale(DECIMALS, RoundingMode.HALF_EVEN)
            : null;
    double deviation = variance > 0 ? (agreeing - expected) / Math.sqrt(variance) : 0;
    return List.of(
            RowFactory.create(pair.getLong(0), decimal, items, agreeing, expected, deviation))
        .iterator();
  }

  @Override
  public void close() {
    pairs.unpersist();
  }
}
