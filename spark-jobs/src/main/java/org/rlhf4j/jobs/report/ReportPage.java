package org.rlhf4j.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Fills the template of the page; everything but our own charts is escaped. */
final class ReportPage {
  private static final String TEMPLATE = "org/rlhf4j/jobs/report/report.html";
  private static final YAMLMapper YAML = new YAMLMapper();

  private final RunFiles files;
  private final String name;

  ReportPage(RunFiles files, String name) {
    this.files = files;
    this.name = name;
  }

  String html() {
    return PageTemplate.html(TEMPLATE, model());
  }

  private Map<String, Object> model() {
    JsonNode run = files.json("run.json");
    JsonNode evaluation = files.json("metrics/evaluation.json");
    JsonNode summary = files.json("datasets/summary.json");
    String config = files.text("config.yaml");
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("name", name);
    model.put("started", run.path("started").asText());
    model.put("stages", stages(run));
    model.put("seconds", Numbers.duration(totalSeconds(run)));
    model.put("beforeAfter", BeforeAfter.rows(evaluation));
    model.put("rewardModel", rewardModel(evaluation.path("reward_model")));
    model.put("rewardModelTables", RewardModelTables.of(evaluation.path("reward_model")));
    model.put("calibration", ReportCharts.calibration(evaluation.path("reward_model")));
    model.put("ppoCharts", ReportCharts.ppo(files, klTarget(config)));
    model.put("overOptimisation", OverOptimisationCharts.of(files, evaluation));
    model.put("trainingCharts", ReportCharts.training(files));
    model.put("samples", BeforeAfter.samples(evaluation));
    model.put("hasDataPage", files.exists("report/" + DataReportJob.PAGE));
    model.put("data", Numbers.of(summary, List.of("read", "kept", "quarantined", "duplicates")));
    model.put("reasons", Numbers.all(summary.path("reasons")));
    model.put("datasets", Numbers.all(summary.path("datasets")));
    model.put("quality", quality(files.json("datasets/quality.json")));
    model.put("config", config);
    return model;
  }

  private static List<Map<String, Object>> stages(JsonNode run) {
    double total = totalSeconds(run);
    List<Map<String, Object>> stages = new ArrayList<>();
    for (JsonNode stage : run.path("stages")) {
      double seconds = stage.path("seconds").asDouble();
      stages.add(
          Map.of(
              "name", stage.path("name").asText(),
              "seconds", Numbers.duration(seconds),
              "share", String.format(Locale.ROOT, "%.1f", 100 * seconds / Math.max(total, 1e-9))));
    }
    return stages;
  }

  private static double totalSeconds(JsonNode run) {
    double total = 0;
    for (JsonNode stage : run.path("stages")) {
      total += stage.path("seconds").asDouble();
    }
    return total;
  }

  private static Map<String, String> rewardModel(JsonNode model) {
    Map<String, String> rows = new LinkedHashMap<>();
    if (model.isMissingNode()) {
      return rows;
    }
    rows.put("held-out pairs", model.path("pairs").asText());
    rows.put("accuracy (95 % interval)", RewardModelTables.withInterval(model));
    if (model.has("gold")) {
      rows.put(
          "best possible: the gold judge on the same labels",
          RewardModelTables.withInterval(model.path("gold")));
    }
    if (model.has("longer_wins")) {
      rows.put(
          "preferring the longer response on the same labels",
          RewardModelTables.withInterval(model.path("longer_wins")));
    }
    model.path("findings").forEach(finding -> rows.put("warning", finding.asText()));
    rows.put("calibration error", Numbers.of(model.path("calibration_error")));
    rows.put("mean margin", Numbers.of(model.path("margin")));
    return rows;
  }

  private static Map<String, String> quality(JsonNode quality) {
    Map<String, String> rows =
        Numbers.of(
            quality,
            List.of(
                "items",
                "annotators",
                "votes",
                "fleiss_kappa",
                "cohen_kappa_mean",
                "pairwise_agreement",
                "gold_agreement"));
    String level = quality.path("level").asText("nominal");
    JsonNode alpha = quality.path("krippendorff_alpha").path(level);
    if (alpha.isNumber()) {
      rows.put("krippendorff_alpha, " + level, Numbers.of(alpha));
    }
    return rows;
  }

  private static double klTarget(String config) {
    try {
      JsonNode kl = YAML.readTree(config).path("kl");
      boolean adaptive = kl.path("controller").asText().equals("adaptive");
      return adaptive ? kl.path("target").asDouble(Double.NaN) : Double.NaN;
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
