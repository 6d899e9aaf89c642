package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.quality.Resampling.Interval;

@Tag("spark")
class TestBootstrap {
  private static final int ITEMS = 1000;
  private static final int REPLICATES = 1000;
  private static final int FEW = 20;

  private final JavaSparkContext context =
      JavaSparkContext.fromSparkContext(SparkTests.session().sparkContext());

  @Test
  void weightsAreThoseOfAPoissonVariable() {
    double sum = 0;
    double squares = 0;
    int zeros = 0;
    int draws = 200_000;
    byte[] weights = new byte[400];
    for (int item = 0; item < draws / weights.length; item++) {
      Resampling.fillWeights(Resampling.key("item" + item), weights);
      for (int weight : weights) {
        sum += weight;
        squares += weight * weight;
        zeros += weight == 0 ? 1 : 0;
      }
    }

    // four standard errors: 1/sqrt(n), about 1.7/sqrt(n), 0.5/sqrt(n)
    assertThat(sum / draws).isCloseTo(1, within(0.009));
    assertThat(squares / draws - 1).isCloseTo(1, within(0.02));
    assertThat((double) zeros / draws).isCloseTo(Math.exp(-1), within(0.0045));
  }

  @Test
  void weightsDependOnTheReplicateAndNotOnHowManyThereAre() {
    byte[] many = new byte[30];
    byte[] few = new byte[7];
    Resampling.fillWeights(Resampling.key("item"), many);
    Resampling.fillWeights(Resampling.key("item"), few);

    assertThat(few).isEqualTo(Arrays.copyOf(many, 7));
    assertThat(many).isNotEqualTo(new byte[30]);
  }

  @Test
  void intervalsAreThoseOfTheory() {
    double agreeing = 0.7;
    Random random = new Random(3);
    List<CodedItem> items = new ArrayList<>();
    int equal = 0;
    for (int i = 0; i < ITEMS; i++) {
      boolean isEqual = random.nextDouble() < agreeing;
      equal += isEqual ? 1 : 0;
      int label = random.nextInt(2);
      items.add(Votes.on("i" + i, label, isEqual ? label : 1 - label));
    }

    Map<Statistic, Interval> intervals = intervals(items, 3, REPLICATES);

    // two votes an item: the share of agreeing items, with the error of a binomial share
    double share = (double) equal / ITEMS;
    double error = 1.96 * Math.sqrt(share * (1 - share) / ITEMS);
    Interval pairwise = intervals.get(Statistic.PAIRWISE_AGREEMENT);
    assertThat(pairwise.low()).isCloseTo(share - error, within(0.15 * error));
    assertThat(pairwise.high()).isCloseTo(share + error, within(0.15 * error));
    // two labels, equally frequent: kappa is 2 share - 1, its error twice as large
    Interval kappa = intervals.get(Statistic.FLEISS_KAPPA);
    assertThat(kappa.high() - kappa.low()).isCloseTo(4 * error, within(0.5 * error));
    Interval alpha = intervals.get(Statistic.ALPHA_INTERVAL);
    assertThat(alpha.low()).isCloseTo(kappa.low(), within(0.002));
    assertThat(intervals).doesNotContainKeys(Statistic.GOLD_AGREEMENT, Statistic.FIRST_CHOSEN);
  }

  @Test
  void sameBitsOnAnyNumberOfPartitions() {
    List<CodedItem> items = new ArrayList<>();
    Random random = new Random(5);
    for (int i = 0; i < 100; i++) {
      items.add(Votes.on("i" + i, random.nextInt(4), random.nextInt(4), random.nextInt(4)));
    }

    assertThat(intervals(items, 7, FEW)).isEqualTo(intervals(items, 1, FEW));
    assertThat(intervals(items, 64, FEW)).isEqualTo(intervals(items, 1, FEW));
  }

  private Map<Statistic, Interval> intervals(
      List<CodedItem> items, int partitions, int replicates) {
    long[] votes = {1, 1, 1, 1};
    LabelScale scale = LabelScale.of(List.of("1", "2", "3", "4"), votes);
    return new Bootstrap(4, scale, replicates).intervals(context.parallelize(items, partitions));
  }
}
