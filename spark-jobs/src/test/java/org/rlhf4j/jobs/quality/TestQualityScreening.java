package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.QualityConfig;
import org.rlhf4j.config.QualityConfig.Screening;
import org.rlhf4j.data.dataset.Annotator;
import org.rlhf4j.data.dataset.DroppedVote;
import org.rlhf4j.data.dataset.ItemVotes;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Ranking;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;
import org.rlhf4j.jobs.quality.QualityResult.PreferenceCounts;
import org.rlhf4j.jobs.quality.QualityResult.ScreeningCounts;

@Tag("spark")
class TestQualityScreening {
  private static final QualityConfig CONFIG =
      new QualityConfig(
          QualityConfig.Level.NOMINAL,
          20,
          20,
          1e-7,
          1,
          0.1,
          0.01,
          0.5,
          Screening.REPORT,
          List.of("unreliable"),
          List.of(),
          List.of(),
          0.5,
          -1);

  @TempDir private Path folder;

  private final SparkSession spark = SparkTests.session();
  private final Datasets datasets = new Datasets(spark, OutputFormat.PARQUET);

  @Test
  void droppedVotesAreNamedAndCounted() throws IOException {
    StringBuilder rows = new StringBuilder();
    Random random = new Random(3);
    for (int item = 0; item < 60; item++) {
      for (String annotator : List.of("a", "b", "c", "bad")) {
        boolean isRight = random.nextDouble() < (annotator.equals("bad") ? 0.1 : 0.9);
        rows.append(vote("i" + item, annotator, isRight ? "1" : "0"));
      }
    }
    rows.append(vote("alone", "bad", "0"));

    QualityResult result = run(rows.toString(), CONFIG.withScreening(Screening.DROP));

    ScreeningCounts screening = result.screening();
    assertThat(screening).isEqualTo(new ScreeningCounts("drop", 1, 180, 61, 1, Optional.empty()));
    assertThat(result.votes()).isEqualTo(screening.keptVotes() + screening.droppedVotes());
    String out = folder.resolve("out").toString();
    assertThat(datasets.read(out, DroppedVote.class).collect())
        .hasSize(61)
        .contains(new DroppedVote("alone", "bad", "0", "unreliable"))
        .allMatch(vote -> vote.annotator().equals("bad"));
    assertThat(datasets.read(out, ItemVotes.class).collect())
        .hasSize(60)
        .allMatch(item -> item.votes() == 3 && item.weight() == 3 && item.dropped() == 1);
    assertThat(datasets.read(out, Annotator.class).collect())
        .extracting(Annotator::annotator, Annotator::voteWeight)
        .containsExactlyInAnyOrder(
            tuple("a", 1.0), tuple("b", 1.0), tuple("c", 1.0), tuple("bad", 0.0));

    run(rows.toString());

    assertThat(datasets.holds(out, DroppedVote.class)).isFalse();
  }

  @Test
  void weighedPreferencesAreReadyForATrainer() {
    List<PreferencePair> pairs = new ArrayList<>();
    Random random = new Random(4);
    for (int item = 0; item < 60; item++) {
      for (String annotator : List.of("a", "b", "c", "coin", "bad")) {
        double accuracy = annotator.equals("bad") ? 0.1 : annotator.equals("coin") ? 0.6 : 0.9;
        boolean isRight = random.nextDouble() < accuracy;
        pairs.add(pair(item, isRight ? "good" : "poor", isRight ? "poor" : "good", annotator));
      }
    }
    pairs.add(pair(100, "x", "y", "stranger"));
    pairs.add(pair(101, "x", "y", ""));
    String input = folder.resolve("preferences").toString();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    datasets.publish(input, PreferencePair.class, context.parallelize(pairs, 3), "test", List.of());
    String out = folder.resolve("out").toString();

    QualityResult result = screen(Screening.WEIGHT, input, out);

    assertThat(result.screening().preferences()).contains(new PreferenceCounts(242, 60));
    Map<String, Annotator> annotators =
        datasets.read(out, Annotator.class).collect().stream()
            .collect(Collectors.toMap(Annotator::annotator, a -> a));
    double sum = 0;
    for (String name : List.of("a", "b", "c", "coin", "bad")) {
      double accuracy = annotators.get(name).estimatedAccuracy();
      assertThat(annotators.get(name).voteWeight()).isEqualTo(Math.max(0, 2 * accuracy - 1));
      sum += annotators.get(name).voteWeight();
    }
    assertThat(annotators.get("coin").voteWeight()).isBetween(0.05, 0.4);
    assertThat(result.comparisonModel().orElseThrow().name()).isEqualTo("crowd-bt");
    assertThat(annotators.get("a").comparisonReliability().orElseThrow()).isGreaterThan(0.6);
    assertThat(annotators.get("bad").comparisonReliability()).isEmpty(); // weighs nothing
    assertThat(datasets.read(out, Ranking.class).collect())
        .filteredOn(ranking -> ranking.wins() + ranking.losses() > 2)
        .hasSize(120)
        .allMatch(r -> r.strength() * r.crowdStrength().orElseThrow() > 0);
    Map<String, Double> weights =
        datasets.read(out + "/screened", PreferencePair.class).collect().stream()
            .collect(
                Collectors.toMap(
                    p -> p.annotator().orElse(""), PreferencePair::weight, (x, y) -> x));
    assertThat(weights).containsOnlyKeys("a", "b", "c", "coin", "stranger", "");
    assertThat(weights.get("a")).isEqualTo(0.5 * annotators.get("a").voteWeight());
    assertThat(weights.get("stranger")).isCloseTo(0.5 * sum / 5, within(1e-12));
    assertThat(weights.get("")).isEqualTo(weights.get("stranger"));
    assertThat(datasets.read(out + "/screened/dropped", PreferencePair.class).collect())
        .hasSize(60)
        .allMatch(p -> p.annotator().equals(Optional.of("bad")) && p.weight() == 0.5);

    Collections.shuffle(pairs, random);
    String other = folder.resolve("shuffled").toString();
    datasets.publish(other, PreferencePair.class, context.parallelize(pairs, 1), "test", List.of());
    String otherOut = folder.resolve("out of shuffled").toString();
    screen(Screening.WEIGHT, other, otherOut);
    assertThat(datasets.read(otherOut + "/screened", PreferencePair.class).collect())
        .isEqualTo(datasets.read(out + "/screened", PreferencePair.class).collect());

    assertThatThrownBy(() -> screen(Screening.DROP, out + "/screened", out))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("is where this command writes to");
    screen(Screening.REPORT, input, out);

    assertThat(datasets.holds(out + "/screened", PreferencePair.class)).isFalse();
  }

  private QualityResult screen(Screening policy, String input, String output) {
    return new QualityJob(spark, CONFIG.withScreening(policy), OutputFormat.PARQUET)
        .execute(List.of(input), output);
  }

  private static PreferencePair pair(int prompt, String chosen, String rejected, String annotator) {
    return new PreferencePair(
        prompt + chosen + annotator,
        "g",
        "p" + prompt,
        Split.TRAIN,
        "s",
        List.of(new Message("user", "Why?")),
        chosen,
        rejected,
        Optional.empty(),
        0.5,
        annotator.isEmpty() ? Optional.empty() : Optional.of(annotator),
        Optional.empty());
  }

  private QualityResult run(String rows) throws IOException {
    return run(rows, CONFIG);
  }

  private QualityResult run(String rows, QualityConfig config) throws IOException {
    Path input = folder.resolve("votes.jsonl");
    Files.writeString(input, rows);
    return new QualityJob(spark, config, OutputFormat.PARQUET)
        .execute(List.of(input.toString()), folder.resolve("out").toString());
  }

  private static String vote(String item, String annotator, String label) {
    return "{\"item\": \"%s\", \"annotator\": \"%s\", \"label\": %s}\n"
        .formatted(item, annotator, label);
  }
}
