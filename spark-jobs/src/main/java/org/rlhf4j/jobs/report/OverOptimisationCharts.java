package org.rlhf4j.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.rlhf4j.metrics.Metric;
import org.rlhf4j.rlhf.OverOptimisation;
import org.rlhf4j.rlhf.OverOptimisation.Form;

/**
 * The reward model's score and the truth against the distance from the start, for runs with a gold
 * judge: where the two part, the reward model is over-optimised (Gao et al. 2022).
 */
final class OverOptimisationCharts {
  private static final int CURVE_POINTS = 40;

  private final List<Map<String, String>> charts = new ArrayList<>();

  /** A policy at some distance. */
  private record Place(double distance, double score, double gold) {}

  private OverOptimisationCharts() {}

  /** Charts with captions; none for runs without a gold judge. */
  static List<Map<String, String>> of(RunFiles files, JsonNode evaluation) {
    OverOptimisationCharts charts = new OverOptimisationCharts();
    List<Place> iterations = new ArrayList<>();
    for (JsonNode row : files.metrics("ppo")) {
      if (row.has(Metric.GOLD_SCORE.key())) {
        iterations.add(
            place(
                row.path(Metric.KL_TO_REFERENCE.key()),
                row.path(Metric.SCORE.key()),
                row.path(Metric.GOLD_SCORE.key())));
      }
    }
    charts.add("On-policy optimisation", Form.REINFORCEMENT_LEARNING, iterations);
    List<Place> bestOf = new ArrayList<>();
    for (JsonNode point : evaluation.path("best_of")) {
      if (point.has("gold_score")) {
        bestOf.add(
            place(
                point.path("kl_to_reference"),
                point.path("score").path("mean"),
                point.path("gold_score").path("mean")));
      }
    }
    charts.add("Best of n", Form.BEST_OF_N, bestOf);
    return charts.charts;
  }

  /** An estimate of KL may be below 0. */
  private static Place place(JsonNode kl, JsonNode score, JsonNode gold) {
    double distance = Math.sqrt(Math.max(0, kl.asDouble()));
    return new Place(distance, score.asDouble(), gold.asDouble());
  }

  /**
   * @param places the first is the start
   */
  private void add(String name, Form form, List<Place> places) {
    if (places.size() < 2) {
      return;
    }
    List<Place> byDistance =
        places.stream().sorted(Comparator.comparingDouble(Place::distance)).toList();
    Place start = places.get(0);
    Series gold = gains("gold", byDistance, place -> place.gold() - start.gold());
    List<Series> series = new ArrayList<>();
    series.add(gains("reward model", byDistance, place -> place.score() - start.score()));
    series.add(gold);
    String caption = "too few distances for a curve";
    double farthest = byDistance.get(byDistance.size() - 1).distance();
    if (byDistance.stream().mapToDouble(Place::distance).filter(d -> d > 0).distinct().count()
        > 1) {
      OverOptimisation curve = fit(form, gold);
      series.add(curve(curve, farthest));
      caption = caption(curve);
    }
    String title = name + ": gain against sqrt(KL)";
    charts.add(Map.of("chart", new LineChart(title, series).svg(), "caption", caption));
  }

  private static Series gains(String name, List<Place> places, ToDoubleFunction<Place> gain) {
    return new Series(
        name,
        places.stream().map(p -> new Series.Point(p.distance(), gain.applyAsDouble(p))).toList());
  }

  private static OverOptimisation fit(Form form, Series gold) {
    return OverOptimisation.fit(
        form,
        gold.points().stream().mapToDouble(Series.Point::x).toArray(),
        gold.points().stream().mapToDouble(Series.Point::y).toArray());
  }

  private static Series curve(OverOptimisation curve, double farthest) {
    List<Series.Point> points = new ArrayList<>();
    for (int i = 1; i <= CURVE_POINTS; i++) {
      double d = farthest * i / CURVE_POINTS;
      points.add(new Series.Point(d, curve.gain(d)));
    }
    return new Series("gold, fitted", points);
  }

  private static String caption(OverOptimisation curve) {
    String decline = curve.form() == Form.BEST_OF_N ? "d" : "log d";
    String peak =
        Double.isInfinite(curve.peak())
            ? "no peak"
            : String.format(Locale.ROOT, "peak at d = %.2f", curve.peak());
    return String.format(
        Locale.ROOT,
        "gold gain = d (%.3f - %.3f %s), d = sqrt(KL): %s",
        curve.alpha(),
        curve.beta(),
        decline,
        peak);
  }
}
