package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.dataset.Ranking;
import org.rlhf4j.jobs.SparkTests;

/** The numbers come from {@code scripts/golden/crowd.py}. */
@Tag("spark")
class TestCrowdBradleyTerry {
  private static final double PRIOR = 0.1;
  private static final double SMOOTHING = 1;
  private static final int MANY = 1000;

  /** Gain, nats a comparison, that is left to rounding. */
  private static final double NOTHING = 1e-12;

  private static final Offset<Double> FOUR_DIGITS = within(1e-4);

  private final JavaSparkContext context =
      JavaSparkContext.fromSparkContext(SparkTests.session().sparkContext());

  @Test
  void maximumOfAnotherSolver() {
    Tournament tournament = example();

    CrowdFit fit = fit(List.of(tournament), 4, 1, NOTHING, MANY);

    assertThat(fit.isConverged()).isTrue();
    assertThat(fit.logPosterior()).isCloseTo(-133.503437, within(1e-6));
    assertThat(fit.reliability())
        .containsExactly(new double[] {0.704272, 0.676847, 0.700227, 0.287447}, FOUR_DIGITS);
    Strengths strengths = strengths(tournament, fit.reliability());
    assertThat(strengths.values())
        .containsExactly(
            new double[] {3.177282, 1.709491, 0.417103, -0.897625, -4.406251}, within(1e-3));
  }

  @Test
  void errorsAreThoseOfBradleyTerryWhereNobodyErrs() {
    Tournament tournament = example();
    double[] always = {1, 1, 1, 1};
    Components components = tournament.components();

    Strengths expected =
        BradleyTerry.strengths(
            components, tournament.left(), tournament.right(), tournament.wins(), PRIOR);
    Strengths found = strengths(tournament, always);

    assertThat(found.values()).containsExactly(expected.values(), within(1e-7));
    assertThat(found.errors()).containsExactly(expected.errors(), within(1e-7));
  }

  @Test
  void whoInvertsIsFoundAndHurtsNobody() {
    int things = 12;
    double[] truth = new double[things];
    Arrays.setAll(truth, i -> 0.4 * (i - (things - 1) / 2.0));
    double[] eta = {0.95, 0.9, 0.9, 0.75, 0.5, 0.05};
    Random random = new Random(3);
    Votes votes = new Votes();
    for (int v = 0; v < 6000; v++) {
      int annotator = v % 3 == 0 ? 5 : random.nextInt(5); // a third comes from who inverts
      int left = random.nextInt(things - 1);
      int right = left + 1 + random.nextInt(things - left - 1);
      boolean isRight = random.nextDouble() < BradleyTerry.sigmoid(truth[right] - truth[left]);
      boolean isFaithful = random.nextDouble() < eta[annotator];
      votes.add(left, right, annotator, isRight == isFaithful ? 1 : 0);
    }
    Tournament tournament = votes.tournament("g", things);

    CrowdFit fit = fit(List.of(tournament), 7, 1, 1e-7, MANY);

    for (int k = 0; k < eta.length; k++) {
      assertThat(fit.reliability()[k]).as("annotator " + k).isCloseTo(eta[k], within(0.06));
    }
    assertThat(fit.reliability()[6]).isNaN(); // compared nothing
    RankedGroup ranked = RankedGroup.of(tournament, PRIOR, Optional.of(fit));
    double plain = 0;
    double aware = 0;
    int covered = 0;
    for (Ranking ranking : ranked.rankings()) {
      double strength = truth[Integer.parseInt(ranking.thing()) - 10];
      double found = ranking.crowdStrength().orElseThrow();
      plain += Math.pow(ranking.strength() - strength, 2) / things;
      aware += Math.pow(found - strength, 2) / things;
      boolean isCovered =
          ranking.crowdLow().orElseThrow() <= strength
              && strength <= ranking.crowdHigh().orElseThrow();
      covered += isCovered ? 1 : 0;
    }
    assertThat(Math.sqrt(aware)).isLessThan(0.25);
    assertThat(Math.sqrt(plain)).isGreaterThan(0.5);
    assertThat(covered).isGreaterThanOrEqualTo(10);
  }

  @Test
  void sameBitsOnAnyNumberOfPartitions() {
    List<Tournament> groups = new ArrayList<>();
    for (int g = 0; g < 7; g++) {
      Random random = new Random(g);
      Votes votes = new Votes();
      for (int v = 0; v < 60; v++) {
        int left = random.nextInt(3);
        votes.add(left, left + 1 + random.nextInt(2), random.nextInt(4), random.nextInt(3));
      }
      groups.add(votes.tournament("g" + g, 5));
    }

    CrowdFit one = fit(groups, 4, 1, 1e-7, 6);
    CrowdFit many = fit(groups, 4, 5, 1e-7, 6);

    assertThat(many.reliability()).isEqualTo(one.reliability());
    assertThat(many.logPosterior()).isEqualTo(one.logPosterior());
    assertThat(one.isConverged()).isFalse();
  }

  /** Workers' competence is what MACE found, a model of votes that knows no strengths. */
  @Test
  void argumentsOfTheRealCrowd() throws IOException {
    Path file =
        Path.of(System.getProperty("shared.data", "../../shared/data"))
            .resolve("ukp_convarg1_votes/votes.jsonl.gz");
    assumeTrue(Files.isRegularFile(file), file + " is absent");
    Map<String, Votes> topics = new TreeMap<>();
    Map<String, Integer> workers = new HashMap<>();
    Map<Integer, Double> competence = new TreeMap<>();
    for (JsonNode row : rows(file)) {
      Votes votes = topics.computeIfAbsent(row.path("topic").textValue(), t -> new Votes());
      int worker = number(workers, row.path("worker").textValue());
      competence.put(worker, row.path("competence").doubleValue());
      int left = number(votes.names, row.path("arg1").textValue());
      int right = number(votes.names, row.path("arg2").textValue());
      votes.add(
          left, right, worker, List.of("a1", "a2", "equal").indexOf(row.path("value").textValue()));
    }
    List<Tournament> groups = new ArrayList<>();
    topics.forEach((topic, votes) -> groups.add(votes.tournament(topic, votes.names.size())));

    CrowdFit fit = fit(groups, workers.size(), 2, 1e-7, MANY);

    assertThat(fit.logPosterior()).isCloseTo(-26293.5236, within(0.05));
    assertThat(fit.iterations()).isLessThan(100);
    assertThat(fit.reliability()[workers.get("w1611")]).isCloseTo(0.89079, within(1e-3));
    assertThat(fit.reliability()[workers.get("w2956")]).isCloseTo(0.94269, within(1e-3));
    assertThat(correlation(competence, fit.reliability(), groups)).isGreaterThan(0.5);
  }

  private static double correlation(
      Map<Integer, Double> competence, double[] reliability, Collection<Tournament> groups) {
    int[] votes = new int[reliability.length];
    for (Tournament group : groups) {
      for (int v = 0; v < group.votes().length; v++) {
        votes[group.annotator(v)]++;
      }
    }

    double[] sums = new double[6];
    competence.forEach(
        (worker, x) -> {
          if (votes[worker] >= 30) {
            double y = reliability[worker];
            double[] terms = {1, x, y, x * x, y * y, x * y};
            Arrays.setAll(sums, i -> sums[i] + terms[i]);
          }
        });
    double n = sums[0];
    return (sums[5] - sums[1] * sums[2] / n)
        / Math.sqrt((sums[3] - sums[1] * sums[1] / n) * (sums[4] - sums[2] * sums[2] / n));
  }

  private static List<JsonNode> rows(Path file) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> rows = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        rows.add(mapper.readTree(line));
      }
    }

    return rows;
  }

  private static int number(Map<String, Integer> numbers, String name) {
    numbers.putIfAbsent(name, numbers.size());
    return numbers.get(name);
  }

  private CrowdFit fit(
      List<Tournament> groups, int annotators, int partitions, double tolerance, int passes) {
    return new CrowdBradleyTerry(
            context, context.parallelize(groups, partitions), annotators, SMOOTHING, PRIOR)
        .fit(tolerance, passes);
  }

  private static Strengths strengths(Tournament tournament, double[] reliability) {
    CrowdStrengths strengths = new CrowdStrengths(tournament, reliability, PRIOR);
    strengths.solve();
    return strengths.strengths(tournament.components());
  }

  /** Five things and four annotators, of whom the last mostly inverts, and a tie. */
  private static Tournament example() {
    Votes votes = new Votes();
    for (int annotator = 0; annotator < 4; annotator++) {
      for (int left = 0; left < 5; left++) {
        for (int right = left + 1; right < 5; right++) {
          int wins = (left + 2 * right + annotator) % 5 == 0 ? 1 : 4;
          for (int v = 0; v < 5; v++) {
            votes.add(left, right, annotator, v < (annotator == 3 ? 5 - wins : wins) ? 0 : 1);
          }
        }
      }
    }

    votes.add(0, 1, 2, CodedItem.TIE);
    return votes.tournament("g", 5);
  }

  /** Votes by pair; things are named 10, 11 ... */
  private static final class Votes {
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<List<Integer>, List<Integer>> pairs = new HashMap<>();

    void add(int left, int right, int annotator, int choice) {
      pairs
          .computeIfAbsent(List.of(left, right), p -> new ArrayList<>())
          .add(Tournament.packed(annotator, choice));
    }

    Tournament tournament(String group, int things) {
      List<List<Integer>> edges = new ArrayList<>(pairs.keySet());
      edges.sort((a, b) -> Arrays.compare(ints(a), ints(b)));
      int[] starts = new int[edges.size() + 1];
      List<Integer> votes = new ArrayList<>();
      double[][] wins = new double[2][edges.size()];
      for (int e = 0; e < edges.size(); e++) {
        List<Integer> own = pairs.get(edges.get(e));
        own.sort(null);
        votes.addAll(own);
        starts[e + 1] = votes.size();
        for (int vote : own) {
          double left = vote % 4 == CodedItem.TIE ? 0.5 : 1 - vote % 4;
          wins[0][e] += left;
          wins[1][e] += 1 - left;
        }
      }

      String[] ordered = new String[things];
      Arrays.setAll(ordered, i -> Integer.toString(10 + i));
      return new Tournament(
          group,
          ordered,
          edges.stream().mapToInt(edge -> edge.get(0)).toArray(),
          edges.stream().mapToInt(edge -> edge.get(1)).toArray(),
          wins,
          starts,
          ints(votes),
          new int[3][things]);
    }

    private static int[] ints(List<Integer> numbers) {
      return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
  }
}
