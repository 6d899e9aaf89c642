package org.rlhf4j.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.rlhf4j.metrics.Metric;

/** The curves of a run. */
final class ReportCharts {
  private static final String VALIDATION = "validation/";
  private static final double PERCENT = 100;

  private ReportCharts() {}

  /** Fine-tuning and reward model. */
  static List<String> training(RunFiles files) {
    List<String> charts = new ArrayList<>();
    List<JsonNode> sft = files.metrics("sft");
    add(charts, "Fine-tuning: loss, nats per token", trainAndValidation(sft, Metric.LOSS));
    List<JsonNode> reward = files.metrics("reward");
    add(charts, "Reward model: loss, nats per pair", trainAndValidation(reward, Metric.LOSS));
    add(charts, "Reward model: accuracy", trainAndValidation(reward, Metric.ACCURACY));
    List<JsonNode> dpo = files.metrics("dpo");
    add(charts, "Preference optimisation: loss", trainAndValidation(dpo, Metric.LOSS));
    add(charts, "Preference optimisation: accuracy", trainAndValidation(dpo, Metric.ACCURACY));
    add(charts, "Preference optimisation: margin", trainAndValidation(dpo, Metric.REWARDS_MARGIN));
    return charts;
  }

  /** How often the reward model is right against how sure it is; both in percent. */
  static List<String> calibration(JsonNode model) {
    List<JsonNode> bins = new ArrayList<>();
    model.path("calibration").forEach(bins::add);
    List<String> charts = new ArrayList<>();
    if (bins.size() > 1) {
      List<Series> series =
          List.of(
              byConfidence("accuracy", bins, bin -> bin.path("accuracy")),
              byConfidence("as claimed", bins, bin -> bin.path("confidence")),
              byConfidence("95 %, low", bins, bin -> bin.path("accuracy_interval").path(0)),
              byConfidence("95 %, high", bins, bin -> bin.path("accuracy_interval").path(1)));
      add(charts, "Calibration: accuracy against confidence, %", series);
    }
    return charts;
  }

  private static Series byConfidence(
      String name, List<JsonNode> bins, Function<JsonNode, JsonNode> value) {
    return new Series(
        name,
        bins.stream()
            .map(
                bin ->
                    new Series.Point(
                        PERCENT * bin.path("confidence").asDouble(),
                        PERCENT * value.apply(bin).asDouble()))
            .toList());
  }

  /** The on-policy loop, by iteration. */
  static List<String> ppo(RunFiles files, double klTarget) {
    List<JsonNode> rows = files.metrics("ppo");
    List<String> charts = new ArrayList<>();
    add(charts, "Score of the reward model", of(rows, Metric.SCORE));
    Series kl = Series.of("KL", rows, Metric.KL_TO_REFERENCE.key());
    List<Series> klAndTarget =
        Double.isNaN(klTarget) ? List.of(kl) : List.of(kl, Series.level("target", klTarget, kl));
    add(charts, "KL to the reference, nats per response", klAndTarget);
    add(charts, "KL coefficient", of(rows, Metric.KL_COEFFICIENT));
    add(charts, "Clip fraction", of(rows, Metric.CLIP_FRACTION));
    add(charts, "Explained variance of the critic", of(rows, Metric.EXPLAINED_VARIANCE));
    add(charts, "Entropy, nats per response", of(rows, Metric.ENTROPY));
    add(charts, "Response length, tokens", of(rows, Metric.RESPONSE_LENGTH));
    add(charts, "KL inside the update, nats per token", of(rows, Metric.APPROX_KL));
    return charts;
  }

  private static List<Series> of(List<JsonNode> rows, Metric metric) {
    return List.of(Series.of(metric.key(), rows, metric.key()));
  }

  private static List<Series> trainAndValidation(List<JsonNode> rows, Metric metric) {
    return List.of(
        Series.of("minibatch", rows, metric.key()),
        Series.of("validation", rows, VALIDATION + metric.key()));
  }

  private static void add(List<String> charts, String title, List<Series> series) {
    List<Series> drawn = series.stream().filter(s -> !s.points().isEmpty()).toList();
    if (!drawn.isEmpty()) {
      charts.add(new LineChart(title, drawn).svg());
    }
  }
}
