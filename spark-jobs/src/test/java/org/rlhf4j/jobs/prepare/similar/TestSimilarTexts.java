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
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.similarity.Shingles;
import org.rlhf4j.jobs.SparkTests;

@Tag("spark")
class TestSimilarTexts {
  private static final int SIZE = 200;
  private static final int PAIRS = 600;
  private static final long ALL_LOCAL = Long.MAX_VALUE;
  private static final long NONE_LOCAL = 0;

  private final SparkSession spark = SparkTests.session();
  private final JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());

  @Test
  void findsNearlyAllPairsAtNineTenthsAndNoneBelowSeven() {
    Random random = new Random(1);
    List<Text> texts = new ArrayList<>();
    Map<Long, Double> jaccards = new HashMap<>();
    for (long pair = 0; pair < PAIRS; pair++) {
      int[] left = random.ints(SIZE).sorted().toArray();
      int[] right = changed(left, pair % 2 == 0 ? 10 : 36 + random.nextInt(8), random);
      jaccards.put(pair, Shingles.jaccard(left, right));
      texts.add(new Text(2 * pair, left));
      texts.add(new Text(2 * pair + 1, right));
    }

    Clusters clusters = clusters(texts, 3, ALL_LOCAL);

    Set<Long> found = new HashSet<>();
    Arrays.stream(clusters.clusters()).forEach(cluster -> found.add(cluster / 2));
    long near = jaccards.values().stream().filter(j -> j >= 0.9).count();
    long nearFound = found.stream().filter(pair -> jaccards.get(pair) >= 0.9).count();
    assertThat(near).isEqualTo(PAIRS / 2);
    assertThat((double) nearFound / near).isGreaterThanOrEqualTo(0.98);
    assertThat(found).allMatch(pair -> jaccards.get(pair) >= 0.7);
    assertThat(clusters.ids()).isSorted();
    for (int partitions : List.of(1, 7)) {
      assertSame(clusters(texts, partitions, ALL_LOCAL), clusters);
    }

    assertSame(clusters(texts, 2, NONE_LOCAL), clusters);
  }

  /** All share a long beginning, so that every bucket is hot; the copies are found all the same. */
  @Test
  void copiesAreFoundInHotBuckets() {
    Random random = new Random(2);
    int[] shared = random.ints(110).toArray();
    List<Text> texts = new ArrayList<>();
    int count = 600;
    for (long id = 0; id < count; id++) {
      int[] own = random.ints(90).toArray();
      int[] text = IntStream.concat(Arrays.stream(shared), Arrays.stream(own)).sorted().toArray();
      texts.add(new Text(id, text));
      texts.add(new Text(count + id, changed(text, 8, random)));
    }

    Clusters clusters = clusters(texts, 2, ALL_LOCAL);

    long found = LongStream.range(0, count).filter(id -> clusters.contains(count + id)).count();
    assertThat((double) found / count).isGreaterThanOrEqualTo(0.98);
    assertThat(clusters.of(7)).isEqualTo(7);
    assertThat(clusters.of(count + 7)).isEqualTo(7);
  }

  @Test
  void scopesAreComparedApart() {
    int[] text = new Random(3).ints(SIZE).sorted().toArray();
    List<Text> texts =
        List.of(new Text(1, text), new Text(2, text), new Text(3, text), new Text(3, text));
    JavaRDD<Signature> signatures =
        context
            .parallelize(texts)
            .map(t -> Signature.of(t.id(), t.id() == 1 ? 7 : 8, t.shingles()));

    Clusters clusters = clusters(texts, signatures, 2, ALL_LOCAL);

    assertThat(clusters.ids()).containsExactly(2, 3);
    assertThat(clusters.clusters()).containsExactly(2, 2);
    assertThat(clusters.of(1)).isEqualTo(1);
    assertThat(Signature.write(8, new int[0])).isEmpty();
  }

  /** A path is the longest way a least node can have to go. */
  @Test
  void componentsOfPathsStarsAndCirclesAreWhole() {
    List<Pair> edges = new ArrayList<>();
    List<Long> path = new ArrayList<>(LongStream.range(1, 60).boxed().toList());
    Collections.shuffle(path, new Random(4));
    for (int i = 1; i < path.size(); i++) {
      edges.add(Pair.of(path.get(i - 1), path.get(i)));
    }

    for (long i = 1001; i < 1200; i++) {
      edges.add(Pair.of(1150, i == 1150 ? 1000 : i));
    }

    for (long i = 0; i < 10; i++) {
      edges.add(Pair.of(-100 + i, -100 + (i + 1) % 10));
    }

    Clusters far = new ConnectedComponents(spark, 2).of(context.parallelize(edges, 3));
    Clusters near =
        UnionFind.of(edges.stream().map(edge -> new long[] {edge.left(), edge.right()}).toList());

    Map<Long, Long> sizes = new HashMap<>();
    Arrays.stream(far.clusters()).forEach(cluster -> sizes.merge(cluster, 1L, Long::sum));
    assertThat(sizes).isEqualTo(Map.of(1L, 59L, 1000L, 200L, -100L, 10L));
    assertSame(near, far);
  }

  private static void assertSame(Clusters actual, Clusters expected) {
    assertThat(actual.ids()).isEqualTo(expected.ids());
    assertThat(actual.clusters()).isEqualTo(expected.clusters());
  }

  private Clusters clusters(List<Text> texts, int partitions, long mostLocalPairs) {
    JavaRDD<Signature> signatures =
        context.parallelize(texts, partitions).map(t -> Signature.of(t.id(), 0, t.shingles()));
    return clusters(texts, signatures, partitions, mostLocalPairs);
  }

  private Clusters clusters(
      List<Text> texts, JavaRDD<Signature> signatures, int partitions, long mostLocalPairs) {
    return new SimilarTexts(spark, partitions, mostLocalPairs)
        .clusters(
            signatures,
            ids -> context.parallelize(texts).filter(text -> ids.value().contains(text.id())));
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
