package org.rlhf4j.jobs.prepare.similar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.similarity.Shingles;
import org.rlhf4j.jobs.SparkTests;

@Tag("spark")
class TestSimilarTexts {
  private static final int SIZE = 200;
  private static final int PAIRS = 600;

  private final SparkSession spark = SparkTests.session();

  @Test
  void findsNearlyAllPairsAtNineTenthsAndNoneBelowSeven() {
    Random random = new Random(1);
    List<Row> units = new ArrayList<>();
    Map<Long, Double> jaccards = new HashMap<>();
    for (long pair = 0; pair < PAIRS; pair++) {
      int[] left = random.ints(SIZE).sorted().toArray();
      int[] right = changed(left, pair % 2 == 0 ? 10 : 36 + random.nextInt(8), random);
      jaccards.put(pair, Shingles.jaccard(left, right));
      units.add(SimilarTexts.unit(2 * pair, 0, "k" + 2 * pair, left));
      units.add(SimilarTexts.unit(2 * pair + 1, 0, "k" + (2 * pair + 1), right));
    }

    Map<String, Long> clusters = clusters(units, 3);

    Set<Long> found = new HashSet<>();
    clusters.forEach((key, cluster) -> found.add(cluster / 2));
    long near = jaccards.values().stream().filter(j -> j >= 0.9).count();
    long nearFound = found.stream().filter(pair -> jaccards.get(pair) >= 0.9).count();
    assertThat(near).isEqualTo(PAIRS / 2);
    assertThat((double) nearFound / near).isGreaterThanOrEqualTo(0.98);
    assertThat(found).allMatch(pair -> jaccards.get(pair) >= 0.7);
    assertThat(clusters(units, 1)).isEqualTo(clusters);
    assertThat(clusters(units, 7)).isEqualTo(clusters);
  }

  /** All share a long beginning, so that every bucket is hot; the copies are found all the same. */
  @Test
  void copiesAreFoundInHotBuckets() {
    Random random = new Random(2);
    int[] shared = random.ints(110).toArray();
    List<Row> units = new ArrayList<>();
    int texts = 600;
    for (long id = 0; id < texts; id++) {
      int[] own = random.ints(90).toArray();
      int[] text = IntStream.concat(Arrays.stream(shared), Arrays.stream(own)).sorted().toArray();
      units.add(SimilarTexts.unit(id, 0, "a" + id, text));
      units.add(SimilarTexts.unit(texts + id, 0, "b" + id, changed(text, 8, random)));
    }

    Map<String, Long> clusters = clusters(units, 2);

    long found = LongStream.range(0, texts).filter(id -> clusters.containsKey("b" + id)).count();
    assertThat((double) found / texts).isGreaterThanOrEqualTo(0.98);
    assertThat(clusters.get("a7")).isEqualTo(7);
    assertThat(clusters.get("b7")).isEqualTo(7);
  }

  @Test
  void scopesAreComparedApart() {
    int[] text = new Random(3).ints(SIZE).sorted().toArray();
    List<Row> units =
        List.of(
            SimilarTexts.unit(1, 7, "a", text),
            SimilarTexts.unit(2, 8, "b", text),
            SimilarTexts.unit(3, 8, "c", text),
            SimilarTexts.unit(4, 8, "nothing", new int[0]),
            SimilarTexts.unit(5, 8, "nothing either", new int[0]));

    assertThat(clusters(units, 2)).isEqualTo(Map.of("b", 2L, "c", 2L));
  }

  /** A path is the longest way a least node can have to go. */
  @Test
  void componentsOfPathsStarsAndCirclesAreWhole() {
    List<Row> edges = new ArrayList<>();
    List<Long> path = new ArrayList<>(LongStream.range(1, 60).boxed().toList());
    Collections.shuffle(path, new Random(4));
    for (int i = 1; i < path.size(); i++) {
      edges.add(edge(path.get(i - 1), path.get(i)));
    }

    for (long i = 1001; i < 1200; i++) {
      edges.add(edge(1150, i == 1150 ? 1000 : i));
    }

    for (long i = 0; i < 10; i++) {
      edges.add(edge(-100 + i, -100 + (i + 1) % 10));
    }

    StructType schema =
        new StructType().add("left", DataTypes.LongType).add("right", DataTypes.LongType);
    Dataset<Row> components =
        new ConnectedComponents(2).of(spark.createDataFrame(edges, schema)).rows();

    Map<Long, Long> sizes = new HashMap<>();
    components
        .groupBy("cluster")
        .agg(functions.countDistinct("id"))
        .collectAsList()
        .forEach(row -> sizes.put(row.getLong(0), row.getLong(1)));
    assertThat(sizes).isEqualTo(Map.of(1L, 59L, 1000L, 200L, -100L, 10L));
    assertThat(components.count()).isEqualTo(269);
  }

  private static Row edge(long one, long other) {
    return RowFactory.create(Math.min(one, other), Math.max(one, other));
  }

  private Map<String, Long> clusters(List<Row> units, int partitions) {
    Dataset<Row> rows =
        spark.createDataset(units, Encoders.row(SimilarTexts.unitSchema())).repartition(partitions);
    Map<String, Long> clusters = new HashMap<>();
    new SimilarTexts(spark, partitions)
        .clusters(rows)
        .collectAsList()
        .forEach(row -> clusters.put(row.getString(2), row.getLong(3)));
    return clusters;
  }

  private static int[] changed(int[] set, int changes, Random random) {
    int[] changed = set.clone();
    Set<Integer> places = new HashSet<>();
    while (places.size() < changes) {
      places.add(random.nextInt(set.length));
    }

    places.forEach(place -> changed[place] = random.nextInt());
    Arrays.sort(changed);
    return changed;
  }
}
