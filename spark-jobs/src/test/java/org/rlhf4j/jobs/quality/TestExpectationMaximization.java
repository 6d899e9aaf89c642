package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rlhf4j.jobs.SparkTests;
import scala.Tuple2;

/** The numbers come from {@code scripts/golden/annotators.py}. */
@Tag("spark")
class TestExpectationMaximization {
  /** The sums are in units of 2^-32. */
  private static final Offset<Double> SIX_DIGITS = within(2e-6);

  /** A gain that is left to rounding, nats. */
  private static final double NOTHING = 1e-9;

  private static final int[] OBSERVERS = {0, 0, 0, 1, 2, 3, 4};

  /** Table 1 of Dawid and Skene (1979): three ratings of observer 1, one of observers 2 to 5. */
  private static final String TABLE =
      "1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444"
          + " 2223343 1111111 2223212 1211111 1112111 1111111 1111111 2222221 2221322 2222222 2222221"
          + " 2223222 2212222 1111111 1111111 2322222 1111111 1111111 1121121 1111111 3333233 1111111"
          + " 2222222 2223232 4334343 2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111"
          + " 2222222";

  private final JavaSparkContext context =
      JavaSparkContext.fromSparkContext(SparkTests.session().sparkContext());

  @Test
  void publishedExample() {
    LabelFit fit = fit(anaesthetists(), new ConfusionModel(5, 4, 0), 5, 3, 100);

    // The paper's Table 4: shares .40 .42 .11 .07; observer 1: .89 .11, .07 .88 .05, .34 .66
    assertThat(fit.isConverged()).isTrue();
    assertThat(fit.iterations()).isLessThan(29); // what as many digits take without leaps
    assertThat(fit.logLikelihood()).isCloseTo(-192.890881, SIX_DIGITS);
    assertThat(shares(fit))
        .containsExactly(new double[] {0.399555, 0.421983, 0.111795, 0.066667}, SIX_DIGITS);
    assertThat(row(fit, 0, 0)).containsExactly(new double[] {0.889488, 0.110512, 0, 0}, SIX_DIGITS);
    assertThat(row(fit, 0, 1))
        .containsExactly(new double[] {0.070585, 0.876380, 0.053035, 0}, SIX_DIGITS);
    assertThat(row(fit, 0, 2)).containsExactly(new double[] {0, 0.338821, 0.661179, 0}, SIX_DIGITS);
    assertThat(row(fit, 4, 1))
        .containsExactly(new double[] {0.159039, 0.734520, 0.106440, 0}, SIX_DIGITS);
    Posterior patient = fit.posterior(anaesthetists().get(29));
    assertThat(patient.probabilities())
        .containsExactly(new double[] {0.999146, 0.000854, 0, 0}, SIX_DIGITS);
    assertThat(patient.best()).isZero();
  }

  /** Patient 3 takes 310 steps without leaps. */
  @Test
  void smoothedExample() {
    LabelFit fit = fit(anaesthetists(), new ConfusionModel(5, 4, 1), 5, 3, 100);

    assertThat(fit.isConverged()).isTrue();
    assertThat(row(fit, 0, 3))
        .containsExactly(new double[] {0.041964, 0.042015, 0.290519, 0.625503}, SIX_DIGITS);
    assertThat(fit.posterior(anaesthetists().get(2)).of(1)).isCloseTo(0.499595, within(5e-4));
    assertThat(fit(anaesthetists(), new ConfusionModel(5, 4, 1), 5, 3, 5).isConverged()).isFalse();
  }

  @Test
  void leapsEndWherePlainStepsDo() {
    List<CodedItem> items = noisyItems(400, 12);
    for (LabelModel model : List.of(new ConfusionModel(12, 3, 1), new OneCoinModel(12, 3, 0.5))) {
      LabelFit fit = fit(items, model, 12, 2, 200);

      int steps = 0;
      double gain = 1;
      double[] plain = step(model, items, new double[0]);
      while (gain > NOTHING) {
        double[] next = step(model, items, plain);
        gain = logPosterior(model, items, next) - logPosterior(model, items, plain);
        plain = next;
        steps++;
      }

      assertThat(fit.isConverged()).isTrue();
      assertThat(fit.iterations()).isLessThan(steps / 2);
      assertThat(logPosterior(model, items, fit.parameters()))
          .isCloseTo(logPosterior(model, items, plain), within(1e-6));
      double[] found = fit.probabilities();
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).isCloseTo(Math.exp(plain[i]), within(1e-4));
      }
    }
  }

  @Test
  void sameBitsOnAnyNumberOfPartitions() {
    for (LabelModel model : List.of(new ConfusionModel(5, 4, 1), new OneCoinModel(5, 4, 1))) {
      LabelFit one = fit(anaesthetists(), model, 5, 1, 4);

      for (int partitions : new int[] {7, 64}) {
        LabelFit many = fit(anaesthetists(), model, 5, partitions, 4);
        assertThat(many.parameters()).isEqualTo(one.parameters());
        assertThat(many.logLikelihood()).isEqualTo(one.logLikelihood());
      }
    }
  }

  @Test
  void oneCoinFindsAccuraciesAmongManyLabels() {
    double[] accuracies = {0.9, 0.7, 0.5, 0.3, 0.8};
    int labels = 200;
    Random random = new Random(1);
    List<CodedItem> items = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      int truth = random.nextInt(labels);
      int[] votes = new int[accuracies.length];
      for (int a = 0; a < votes.length; a++) {
        boolean isRight = random.nextDouble() < accuracies[a];
        votes[a] = isRight ? truth : random.nextInt(labels);
      }

      items.add(Votes.on("i" + i, votes));
    }

    LabelModel model = LabelModel.of(accuracies.length, labels, 1);
    LabelFit fit = fit(items, model, accuracies.length, 3, 100);

    assertThat(model).isInstanceOf(OneCoinModel.class);
    for (int a = 0; a < accuracies.length; a++) {
      double expected = accuracies[a] + (1 - accuracies[a]) / labels;
      assertThat(Math.exp(fit.parameters()[2 * a])).isCloseTo(expected, within(0.04)); // 4 errors
    }
  }

  private LabelFit fit(
      List<CodedItem> items, LabelModel model, int annotators, int partitions, int iterations) {
    JavaRDD<CodedItem> data = context.parallelize(items, partitions);
    return new ExpectationMaximization(context, data, NOTHING).fit(model, annotators, iterations);
  }

  /** Three labels; annotators from good ones to those who guess. */
  private static List<CodedItem> noisyItems(int size, int annotators) {
    Random random = new Random(7);
    List<CodedItem> items = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int truth = random.nextInt(3);
      int[] votes = new int[3];
      int[] voters = random.ints(0, annotators).distinct().limit(3).toArray();
      for (int v = 0; v < 3; v++) {
        boolean isRight = random.nextDouble() < (double) voters[v] / annotators;
        votes[v] = isRight ? truth : random.nextInt(3);
      }

      items.add(CodedItem.ofLabels("i" + i, voters, votes, CodedItem.UNKNOWN));
    }

    return items;
  }

  private static double[] step(LabelModel model, List<CodedItem> items, double[] parameters) {
    AnnotatorSums sums = new AnnotatorSums(13, model.width());
    VoteBlock.of(items.iterator()).forEachRemaining(b -> model.expect(b, parameters, sums));
    List<Tuple2<Integer, long[]>> blocks = new ArrayList<>();
    sums.blocks().forEachRemaining(blocks::add);
    return model.maximize(AnnotatorSums.flat(blocks, 13, model.width()));
  }

  private static double logPosterior(LabelModel model, List<CodedItem> items, double[] parameters) {
    double sum = model.logPrior(parameters);
    for (CodedItem item : items) {
      sum += model.posterior(item, parameters).logLikelihood();
    }

    return sum;
  }

  private static double[] row(LabelFit fit, int annotator, int label) {
    double[] row = new double[4];
    for (int given = 0; given < 4; given++) {
      int place = ((ConfusionModel) fit.model()).place(label, given);
      row[given] = fit.probabilities()[annotator * 16 + place];
    }

    return row;
  }

  private static double[] shares(LabelFit fit) {
    return Arrays.copyOfRange(fit.probabilities(), 5 * 16, 5 * 16 + 4);
  }

  private static List<CodedItem> anaesthetists() {
    List<CodedItem> items = new ArrayList<>();
    for (String patient : TABLE.split(" ")) {
      int[] labels = patient.chars().map(label -> label - '1').toArray();
      items.add(CodedItem.ofLabels("p" + items.size(), OBSERVERS, labels, CodedItem.UNKNOWN));
    }

    return items;
  }
}
