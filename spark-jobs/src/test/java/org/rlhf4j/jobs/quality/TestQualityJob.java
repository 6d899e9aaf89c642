package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.QualityConfig;
import org.rlhf4j.config.QualityConfig.Screening;
import org.rlhf4j.data.dataset.Annotator;
import org.rlhf4j.data.dataset.AnnotatorPair;
import org.rlhf4j.data.dataset.AnnotatorWindow;
import org.rlhf4j.data.dataset.Confusion;
import org.rlhf4j.data.dataset.ItemVotes;
import org.rlhf4j.data.dataset.PreferenceCycle;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.data.dataset.Ranking;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;
import org.rlhf4j.jobs.quality.QualityResult.Bounds;
import org.rlhf4j.jobs.quality.QualityResult.RankingCounts;

@Tag("spark")
class TestQualityJob {
  private static final Offset<Double> SIX_DIGITS = within(5e-7);

  /** Three standard errors of a share of 300 votes. */
  private static final Offset<Double> ESTIMATED = within(0.08);

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

  private static final QualityConfig FEW_ITERATIONS =
      new QualityConfig(
          QualityConfig.Level.ORDINAL,
          20,
          3,
          1e-7,
          1,
          0.1,
          0.01,
          0.5,
          Screening.REPORT,
          List.of("fast"),
          List.of(),
          List.of(),
          0.5,
          -1);

  @TempDir private Path folder;

  private final SparkSession spark = SparkTests.session();
  private final Datasets datasets = new Datasets(spark, OutputFormat.PARQUET);

  @Test
  void krippendorffExampleFromRawVotes() throws IOException {
    StringBuilder rows = new StringBuilder();
    List<String> observers =
        List.of(
            "1 2 3 3 2 1 4 1 2 . . .",
            "1 2 3 3 2 2 4 1 2 5 . 3",
            ". 3 3 3 2 3 4 2 2 5 1 .",
            "1 2 3 3 2 4 4 1 2 5 1 .");
    for (int observer = 0; observer < 4; observer++) {
      String[] labels = observers.get(observer).split(" ");
      for (int unit = 0; unit < 12; unit++) {
        String label = labels[unit].equals(".") ? "null" : labels[unit];
        rows.append(vote("u" + unit, "o" + observer, label));
      }
    }

    QualityResult result = run(rows.toString());

    assertThat(result.items()).isEqualTo(12);
    assertThat(result.annotators()).isEqualTo(4);
    assertThat(result.votes()).isEqualTo(41);
    assertThat(result.counts().missing()).isEqualTo(7);
    assertThat(result.krippendorffAlpha().get("nominal").orElseThrow())
        .isCloseTo(0.743421, SIX_DIGITS);
    assertThat(result.krippendorffAlpha().get("ratio").orElseThrow())
        .isCloseTo(0.797403, SIX_DIGITS);
    JsonNode json = new ObjectMapper().readTree(folder.resolve("out/quality.json").toFile());
    assertThat(json.path("krippendorff_alpha").path("ordinal").doubleValue())
        .isCloseTo(0.815388, SIX_DIGITS);
    assertThat(json.has("gold_agreement")).isFalse();
    String quarantine = folder.resolve("out/quarantine").toString();
    assertThat(datasets.read(quarantine, QuarantinedRow.class).count()).isZero();
  }

  @Test
  void cohenKappaIsTheMeanOverPairs() throws IOException {
    StringBuilder rows = new StringBuilder();
    int item = 0;
    for (String cell : List.of("1 1 20", "1 0 5", "0 1 10", "0 0 15")) {
      String[] parts = cell.split(" ");
      for (int i = 0; i < Integer.parseInt(parts[2]); i++) {
        rows.append(vote("i" + item, "a", parts[0])).append(vote("i" + item, "b", parts[1]));
        rows.append(vote("i" + item++, "c", parts[0])); // agrees with a always
      }
    }

    QualityResult result = run(rows.toString());

    double mean = (0.4 + 1 + 0.4) / 3;
    assertThat(result.cohenKappaMean().orElseThrow()).isCloseTo(mean, SIX_DIGITS);
    Bounds interval = result.intervals().get("cohen_kappa_mean");
    // two pairs with the same 50 items: their kappa's error 0.128, two thirds of it in the mean
    assertThat(interval.low()).isBetween(mean - 0.21, mean - 0.13);
    assertThat(interval.high()).isBetween(mean + 0.13, mean + 0.21);
  }

  @Test
  void repeatedAndContradictoryVotesAreCountedOnce() throws IOException {
    String rows =
        vote("x", "a", "\"yes\"")
            + vote("x", "a", "\"yes\"")
            + vote("x", "b", "\"yes\"")
            + vote("x", "b", "\"no\"")
            + vote("x", "c", "1.0")
            + "{\"item\": \"x\"}\n";

    QualityResult result = run(rows);

    assertThat(result.votes()).isEqualTo(2);
    assertThat(result.counts().duplicate()).isEqualTo(1);
    assertThat(result.counts().contradictory()).isEqualTo(2);
    assertThat(result.counts().quarantined()).isEqualTo(1);
    ItemVotes item = datasets.read(folder.resolve("out").toString(), ItemVotes.class).first();
    assertThat(item.label()).isEqualTo("1");
    assertThat(item.entropy()).isCloseTo(Math.log(2), within(1e-12));
  }

  @Test
  void accuraciesAreFoundWithoutGold() throws IOException {
    Map<String, Double> accuracies =
        Map.of("careful", 0.95, "noisy", 0.75, "good", 0.85, "adversary", 0.2, "fair", 0.8);
    StringBuilder rows = new StringBuilder();
    Random random = new Random(1);
    for (int item = 0; item < 300; item++) {
      boolean truth = random.nextBoolean();
      for (Map.Entry<String, Double> entry : new java.util.TreeMap<>(accuracies).entrySet()) {
        boolean label = (random.nextDouble() < entry.getValue()) == truth;
        String row = vote("i" + item, entry.getKey(), Boolean.toString(label));
        rows.append(row.replace("}", ", \"gold\": " + truth + "}"));
      }
    }

    QualityResult result = run(rows.toString());

    Map<String, Annotator> found =
        datasets
            .read(folder.resolve("out/annotators").toString(), Annotator.class)
            .collect()
            .stream()
            .collect(Collectors.toMap(Annotator::annotator, a -> a));
    accuracies.forEach(
        (name, accuracy) ->
            assertThat(found.get(name).estimatedAccuracy())
                .as(name)
                .isCloseTo(accuracy, ESTIMATED));
    assertThat(found.get("careful").items()).isEqualTo(300);
    assertThat(found.get("adversary").agreement()).isLessThan(0.5);
    assertThat(result.goldAgreement().orElseThrow()).isCloseTo(0.71, within(0.03));
  }

  @Test
  void annotatorsAreHeldAgainstExpertsAndGold() throws IOException {
    StringBuilder rows = new StringBuilder("{\"item\": \"i0\", \"gold\": 0}\n");
    for (int item = 0; item < 8; item++) {
      rows.append(vote("i" + item, "e1", "1"));
      rows.append(vote("i" + item, "e2", item == 7 ? "0" : "1"));
      rows.append(vote("i" + item, "x", item < 2 ? "0" : "1"));
    }
    Path gold = folder.resolve("gold.jsonl");
    Files.writeString(gold, vote("i6", "who", "0") + "{\"item\": \"other\", \"gold\": 1}\n");

    QualityResult result =
        run(rows.toString(), CONFIG.withGold(List.of(gold.toString()), List.of("e1", "e2")));

    assertThat(result.votes()).isEqualTo(24);
    assertThat(result.counts().gold()).isEqualTo(3);
    assertThat(result.counts().missing()).isZero();
    Map<String, Annotator> found =
        datasets.read(folder.resolve("out").toString(), Annotator.class).collect().stream()
            .collect(Collectors.toMap(Annotator::annotator, a -> a));
    Annotator x = found.get("x");
    assertThat(x.goldItems()).isEqualTo(7); // on i7 the experts differ
    assertThat(x.goldAgreement().orElseThrow()).isCloseTo(5 / 7.0, SIX_DIGITS);
    assertThat(x.goldLow().orElseThrow()).isCloseTo(0.358934, SIX_DIGITS);
    assertThat(x.goldHigh().orElseThrow()).isCloseTo(0.917781, SIX_DIGITS);
    assertThat(found.get("e1").goldItems()).isEqualTo(8); // against e2, save for i0 and i6
    assertThat(found.get("e1").goldAgreement().orElseThrow()).isCloseTo(5 / 8.0, SIX_DIGITS);
    assertThat(result.goldAgreement().orElseThrow()).isCloseTo(15 / 23.0, SIX_DIGITS);
  }

  @Test
  void unknownExpertsAndBrokenGoldAreErrors() throws IOException {
    assertThatThrownBy(() -> run(vote("x", "a", "1"), CONFIG.withGold(List.of(), List.of("b"))))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("The expert b has no vote in the input");
    Path gold = Files.writeString(folder.resolve("gold.jsonl"), "{\"item\": 1}\n");
    assertThatThrownBy(
            () -> run(vote("x", "a", "1"), CONFIG.withGold(List.of(gold.toString()), List.of())))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("gold.jsonl, row 1, is no vote (missing_field");
  }

  @Test
  void sameBitsFromOneFileOrMany() throws IOException {
    List<String> rows = new ArrayList<>();
    Random random = new Random(9);
    for (int item = 0; item < 40; item++) {
      for (int annotator = 0; annotator < 6; annotator++) {
        String label = Integer.toString(random.nextInt(3) + 1);
        rows.add(vote("i" + item, "a" + annotator, label).replace("}", ", \"gold\": 2}"));
      }
    }

    List<String> results = new ArrayList<>();
    for (int files : new int[] {1, 7}) {
      Path input = Files.createDirectories(folder.resolve("in" + files));
      Collections.shuffle(rows, random);
      for (int file = 0; file < files; file++) {
        StringBuilder part = new StringBuilder();
        for (int row = file; row < rows.size(); row += files) {
          part.append(rows.get(row));
        }
        Files.writeString(input.resolve(file + ".jsonl"), part);
      }

      Path output = folder.resolve("out" + files);
      new QualityJob(spark, FEW_ITERATIONS, OutputFormat.PARQUET)
          .execute(List.of(input.toString()), output.toString());
      results.add(
          Files.readString(output.resolve("quality.json"))
              + sorted(output.resolve("annotators"), Annotator.class)
              + sorted(output.resolve("votes"), ItemVotes.class)
              + sorted(output.resolve("confusions"), Confusion.class));
    }

    assertThat(results.get(1)).isEqualTo(results.get(0));
    assertThat(results.get(0)).contains("\"gold_agreement\" : [ 0.");
  }

  private <R extends Record> String sorted(Path dataset, Class<R> type) {
    return datasets.read(dataset.toString(), type).collect().stream()
        .map(Object::toString)
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  @Test
  void comparedOptionsAreRanked() throws IOException {
    String rows =
        comparison("x", "a", "b", "a")
            + comparison("y", "c", "b", "b")
            + comparison("z", "a", "c", "c")
            + comparison("w", "e", "d", "d")
            + comparison("w2", "d", "e", "tie");

    QualityResult result = run(rows);

    assertThat(result.rankings()).contains(new RankingCounts(1, 5, 5, 1, 2, 1, 0));
    assertThat(datasets.read(folder.resolve("out").toString(), ItemVotes.class).collect())
        .extracting(ItemVotes::item, ItemVotes::label)
        .contains(tuple("x", "a"), tuple("y", "b"), tuple("w2", "tie"));
    assertThat(datasets.read(folder.resolve("out").toString(), Confusion.class).collect())
        .extracting(Confusion::rightLabel)
        .containsOnly("first", "second", "tie"); // not the names, which differ from item to item
    assertThat(result.comparisonModel()).isEmpty(); // one annotator
    assertThat(result.statistic("first_chosen")).contains(0.25); // a alone; the tie is none
    List<Ranking> rankings =
        datasets.read(folder.resolve("out/rankings").toString(), Ranking.class).collect();
    assertThat(rankings)
        .extracting(Ranking::thing)
        .containsExactlyInAnyOrder("a", "b", "c", "d", "e");
    Ranking best = rankings.stream().filter(r -> r.thing().equals("d")).findFirst().orElseThrow();
    assertThat(best.place()).isEqualTo(1);
    assertThat(best.wins()).isEqualTo(1);
    assertThat(best.ties()).isEqualTo(1);
    // 1.5 of 2 wins over e with 0.1 of 0.2 against strength 0: the gradient at the optimum
    assertThat(
            1.5
                - 2 * BradleyTerry.sigmoid(2 * best.strength())
                + 0.1 * (1 - 2 * BradleyTerry.sigmoid(best.strength())))
        .isCloseTo(0, within(1e-8));
    assertThat(best.low()).isLessThan(best.strength());
    assertThat(best.crowdStrength()).isEmpty();
    assertThat(
            datasets.read(folder.resolve("out/cycles").toString(), PreferenceCycle.class).collect())
        .extracting(PreferenceCycle::thing, PreferenceCycle::beaten)
        .containsExactlyInAnyOrder(tuple("a", "b"), tuple("b", "c"), tuple("c", "a"));
  }

  @Test
  void conspicuousAnnotatorsAreFlagged() throws IOException {
    StringBuilder rows = new StringBuilder();
    Random random = new Random(2);
    for (int item = 0; item < 300; item++) {
      boolean truth = random.nextBoolean();
      boolean copied = (random.nextDouble() < 0.8) == truth;
      for (int a = 0; a < 12; a++) {
        double accuracy = a == 3 && item > 150 ? 0.35 : a == 5 ? 0.2 : 0.8;
        boolean own = (random.nextDouble() < accuracy) == truth;
        boolean isCopy = a == 1 || a == 2;
        int time = a == 4 ? item : item * (50 + 10 * a) + random.nextInt(50);
        rows.append(timedVote("i" + item, "a" + a, isCopy ? copied : own, time));
      }
      if (item < 3) {
        rows.append(vote("i" + item, "newcomer", Boolean.toString(!truth)));
      }
    }

    run(rows.toString());

    Map<String, String> flags =
        datasets.read(folder.resolve("out").toString(), Annotator.class).collect().stream()
            .collect(Collectors.toMap(Annotator::annotator, Annotator::flags));
    assertThat(flags)
        .containsEntry("newcomer", "") // three wrong votes prove nothing
        .containsEntry("a1", "duplicate")
        .containsEntry("a2", "duplicate")
        .containsEntry("a3", "drift")
        .containsEntry("a4", "fast")
        .containsEntry("a5", "unreliable")
        .containsEntry("a6", "");
    List<AnnotatorPair> pairs =
        datasets.read(folder.resolve("out").toString(), AnnotatorPair.class).collect();
    assertThat(pairs).hasSize(1);
    assertThat(pairs.get(0).agreeing()).isEqualTo(300);
    assertThat(pairs.get(0).expected()).isCloseTo(204, within(15.0)); // 300 (0.8^2 + 0.2^2)
    assertThat(
            datasets
                .read(folder.resolve("out").toString(), AnnotatorWindow.class)
                .filter(window -> window.annotator().equals("a3"))
                .collect())
        .hasSize(15)
        .extracting(AnnotatorWindow::votes)
        .containsOnly(20);
  }

  private static String timedVote(String item, String annotator, boolean label, int seconds) {
    return vote(item, annotator, Boolean.toString(label))
        .replace("}", ", \"time\": %d}".formatted(1_700_000_000 + seconds));
  }

  private static String comparison(String item, String first, String second, String label) {
    return vote(item, "w", "\"" + label + "\"")
        .replace("}", ", \"options\": [\"%s\", \"%s\"]}".formatted(first, second));
  }

  @Test
  void noVoteIsAnError() {
    assertThatThrownBy(() -> run("{\"item\": \"x\", \"annotator\": \"a\", \"label\": null}\n"))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("There is no vote in");
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
