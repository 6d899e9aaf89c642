package org.rlhf4j.jobs.quality;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.rlhf4j.jobs.quality.CohenKappa.Cell;

/** Cohen's kappa of every two annotators that have an item in common. */
final class PairKappas {
  private static final int DECIMALS = 18;

  private static final StructType PAIRS =
      new StructType()
          .add("annotator", DataTypes.StringType)
          .add("other", DataTypes.StringType)
          .add("label", DataTypes.StringType)
          .add("other_label", DataTypes.StringType);

  private static final StructType KAPPAS =
      new StructType().add("kappa", DataTypes.createDecimalType(DECIMALS + 2, DECIMALS));

  private PairKappas() {}

  /** Mean over the pairs whose kappa is defined; a decimal sum, hence the same in any order. */
  static OptionalDouble mean(SparkSession spark, JavaRDD<VotedItem> items) {
    FlatMapFunction<VotedItem, Row> pairs = PairKappas::pairsOn;
    FlatMapFunction<Row, Row> kappa = PairKappas::kappaOf;
    JavaRDD<Row> kappas =
        spark
            .createDataFrame(items.flatMap(pairs), PAIRS)
            .groupBy("annotator", "other", "label", "other_label")
            .agg(count(lit(1)).as("items"))
            .groupBy("annotator", "other")
            .agg(collect_list(struct(col("label"), col("other_label"), col("items"))))
            .javaRDD()
            .flatMap(kappa);
    Row mean = spark.createDataFrame(kappas, KAPPAS).agg(avg("kappa")).head();
    return mean.isNullAt(0)
        ? OptionalDouble.empty()
        : OptionalDouble.of(mean.getDecimal(0).doubleValue());
  }

  private static Iterator<Row> pairsOn(VotedItem item) {
    List<Row> pairs = new ArrayList<>();
    for (int i = 0; i < item.annotators().size(); i++) {
      for (int j = i + 1; j < item.annotators().size(); j++) {
        pairs.add(
            RowFactory.create(
                item.annotators().get(i),
                item.annotators().get(j),
                item.labels().get(i),
                item.labels().get(j)));
      }
    }

    return pairs.iterator();
  }

  private static Iterator<Row> kappaOf(Row pair) {
    List<Row> counts = pair.getList(2);
    List<Cell> cells =
        counts.stream()
            .map(cell -> new Cell(cell.getString(0), cell.getString(1), cell.getLong(2)))
            .toList();
    OptionalDouble kappa = CohenKappa.of(cells);
    List<Row> rows = new ArrayList<>();
    kappa.ifPresent(
        value ->
            rows.add(
                RowFactory.create(
                    BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_EVEN))));
    return rows.iterator();
  }
}
