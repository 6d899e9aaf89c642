package org.rlhf4j.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rlhf4j.data.dataset.Annotator;
import org.rlhf4j.data.dataset.AnnotatorPair;
import org.rlhf4j.data.dataset.AnnotatorWindow;
import org.rlhf4j.data.dataset.PreferenceCycle;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.data.dataset.Ranking;

/** Fills the template of the page about data; everything but our own charts is escaped. */
final class DataPage {
  private static final String TEMPLATE = "org/rlhf4j/jobs/report/data.html";
  private static final List<String> COUNTS = List.of("read", "kept", "quarantined", "duplicates");
  private static final List<String> ROWS =
      List.of(
          "read",
          "kept",
          "quarantined",
          "duplicates",
          "near_duplicates",
          "other_split",
          "truncated");
  private static final List<String> RANKINGS =
      List.of(
          "groups", "things", "comparisons", "ties", "components", "cycles", "groups_unconverged");
  private static final List<String> MODELS = List.of("annotator_model", "comparison_model");
  private static final List<String> AGREEMENT =
      List.of(
          "items",
          "annotators",
          "votes",
          "fleiss_kappa",
          "cohen_kappa_mean",
          "pairwise_agreement",
          "gold_agreement",
          "duplicate_votes",
          "contradictory_votes",
          "missing_votes",
          "gold_rows",
          "quarantined");
  private static final List<String> SCREENING =
      List.of(
          "annotators_dropped",
          "votes_kept",
          "votes_dropped",
          "items_dropped",
          "preferences_kept",
          "preferences_dropped");

  private static final String NONE = "–";

  private final List<DirectoryFacts> directories;

  DataPage(List<DirectoryFacts> directories) {
    this.directories = directories;
  }

  String html() {
    List<Map<String, Object>> sections = new ArrayList<>();
    directories.forEach(facts -> sections.add(section(facts)));
    return PageTemplate.html(TEMPLATE, Map.of("sections", sections));
  }

  private static Map<String, Object> section(DirectoryFacts facts) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("directory", facts.directory());
    section.put("counts", Numbers.of(facts.summary(), ROWS));
    section.put("files", files(facts.summary().path("files")));
    section.put("reasons", Numbers.all(facts.summary().path("reasons")));
    section.put("datasets", datasets(facts));
    section.put("charts", charts(facts));
    section.put("agreement", agreement(facts.quality()));
    section.put("models", models(facts.quality()));
    section.put("rankings", Numbers.of(facts.quality().path("rankings"), RANKINGS));
    section.put("strengths", facts.rankings().stream().map(DataPage::strength).toList());
    section.put("cycles", cycles(facts.cycles()));
    section.put("drifts", facts.drifts().stream().map(DataPage::window).toList());
    section.put("screening", screening(facts.quality().path("screening")));
    section.put("bias", bias(facts));
    section.put("annotators", facts.annotators().stream().map(DataPage::annotator).toList());
    section.put("pairs", facts.pairs().stream().map(DataPage::pair).toList());
    section.put("examples", facts.quarantine().map(DataPage::examples).orElse(List.of()));
    return section;
  }

  private static List<Map<String, Object>> files(JsonNode files) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode file : files) {
      rows.add(
          Map.of(
              "path", file.path("path").asText(),
              "counts", Numbers.of(file, COUNTS),
              "reasons", Numbers.all(file.path("reasons"))));
    }

    return rows;
  }

  private static List<Map<String, Object>> datasets(DirectoryFacts facts) {
    List<Map<String, Object>> rows = new ArrayList<>();
    facts
        .texts()
        .forEach(
            (name, lengths) ->
                rows.add(
                    Map.of(
                        "name",
                        name,
                        "splits",
                        lengths.splits(),
                        "sources",
                        facts.sources().get(name))));
    return rows;
  }

  private static List<String> charts(DirectoryFacts facts) {
    List<String> charts = new ArrayList<>();
    facts
        .texts()
        .forEach(
            (name, lengths) -> {
              lengths
                  .characters()
                  .forEach((f, h) -> charts.add(BarChart.svg(name + ": " + f + ", characters", h)));
              lengths
                  .tokens()
                  .forEach((f, h) -> charts.add(BarChart.svg(name + ": " + f + ", tokens", h)));
            });
    return charts;
  }

  private static List<Map<String, String>> agreement(JsonNode quality) {
    List<Map<String, String>> rows = new ArrayList<>();
    AGREEMENT.forEach(name -> add(rows, name, quality.path(name), quality));
    quality
        .path("krippendorff_alpha")
        .fields()
        .forEachRemaining(
            e -> add(rows, "krippendorff_alpha_" + e.getKey(), e.getValue(), quality));
    return rows;
  }

  private static void add(
      List<Map<String, String>> rows, String name, JsonNode value, JsonNode quality) {
    if (value.isNumber()) {
      JsonNode interval = quality.path("intervals").path(name);
      String range =
          interval.size() == 2
              ? Numbers.of(interval.path(0)) + " to " + Numbers.of(interval.path(1))
              : "";
      rows.add(Map.of("name", name, "value", Numbers.of(value), "interval", range));
    }
  }

  private static List<Map<String, String>> models(JsonNode quality) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (String place : MODELS) {
      JsonNode model = quality.path(place);
      if (model.isObject()) {
        rows.add(
            Map.of(
                "name", model.path("name").asText(),
                "iterations", Numbers.of(model.path("iterations")),
                "converged", model.path("converged").asBoolean() ? "yes" : "no",
                "likelihood", Numbers.of(model.path("log_likelihood"))));
      }
    }

    return rows;
  }

  private static Map<String, String> strength(Ranking ranking) {
    return Map.of(
        "group", ranking.group(),
        "component", String.valueOf(ranking.component()),
        "place", String.valueOf(ranking.place()),
        "thing", ranking.thing(),
        "strength", number(Optional.of(ranking.strength())),
        "interval", interval(Optional.of(ranking.low()), Optional.of(ranking.high())),
        "record", ranking.wins() + ", " + ranking.losses() + ", " + ranking.ties(),
        "crowd", number(ranking.crowdStrength()),
        "crowdInterval", interval(ranking.crowdLow(), ranking.crowdHigh()));
  }

  /** Those of which all steps are shown, as a text each. */
  private static List<Map<String, String>> cycles(List<PreferenceCycle> steps) {
    List<Map<String, String>> rows = new ArrayList<>();
    StringBuilder ring = new StringBuilder();
    String first = "";
    for (PreferenceCycle step : steps) {
      first = step.step() == 1 ? step.thing() : first;
      ring.append(step.thing()).append(" > ");
      if (step.beaten().equals(first)) {
        rows.add(Map.of("group", step.group(), "ring", ring + first));
        ring.setLength(0);
      }
    }

    return rows;
  }

  private static Map<String, String> window(AnnotatorWindow window) {
    return Map.of(
        "annotator", window.annotator(),
        "window", String.valueOf(window.window()),
        "start", window.start(),
        "end", window.end(),
        "votes", String.valueOf(window.votes()),
        "agreement", number(Optional.of(window.agreement())),
        "deviation", number(Optional.of(window.deviation())));
  }

  private static String interval(Optional<Double> low, Optional<Double> high) {
    return number(low) + " to " + number(high);
  }

  /** Empty where nothing was screened. */
  private static Map<String, Object> screening(JsonNode screening) {
    String policy = screening.path("policy").asText("report");
    return policy.equals("report")
        ? Map.of()
        : Map.of("policy", policy, "counts", Numbers.of(screening, SCREENING));
  }

  private static List<Map<String, String>> bias(DirectoryFacts facts) {
    List<Map<String, String>> rows = new ArrayList<>();
    JsonNode quality = facts.quality();
    add(rows, "first_chosen", quality.path("first_chosen"), quality);
    add(rows, "longer_chosen", quality.path("longer_chosen"), quality);
    facts
        .texts()
        .forEach(
            (name, lengths) ->
                lengths
                    .longerChosen()
                    .ifPresent(
                        share ->
                            rows.add(
                                Map.of(
                                    "name",
                                    "longer response chosen in " + name,
                                    "value",
                                    number(Optional.of(share)),
                                    "interval",
                                    ""))));
    return rows;
  }

  private static Map<String, String> annotator(Annotator annotator) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("annotator", annotator.annotator());
    row.put("items", String.valueOf(annotator.items()));
    row.put(
        "agreement",
        annotator.otherVotes() == 0 ? NONE : number(Optional.of(annotator.agreement())));
    row.put("accuracy", number(Optional.of(annotator.estimatedAccuracy())));
    row.put("interval", interval(annotator.accuracyLow(), annotator.accuracyHigh()));
    row.put("gold", number(annotator.goldAgreement()));
    row.put("goldInterval", interval(annotator.goldLow(), annotator.goldHigh()));
    row.put("pace", number(annotator.votesPerHour()));
    row.put("drift", annotator.driftProbability().map(Numbers::probability).orElse(NONE));
    row.put("comparisons", number(annotator.comparisonReliability()));
    row.put("flags", annotator.flags());
    row.put("weight", number(Optional.of(annotator.voteWeight())));
    return row;
  }

  private static Map<String, String> pair(AnnotatorPair pair) {
    return Map.of(
        "annotator", pair.annotator(),
        "other", pair.other(),
        "items", String.valueOf(pair.items()),
        "agreeing", String.valueOf(pair.agreeing()),
        "expected", number(Optional.of(pair.expected())),
        "probability", "10^" + Math.round(pair.log10Probability()));
  }

  private static List<Map<String, Object>> examples(QuarantineExamples quarantine) {
    List<Map<String, Object>> reasons = new ArrayList<>();
    quarantine
        .counts()
        .forEach(
            (reason, rows) ->
                reasons.add(
                    Map.of(
                        "reason", reason,
                        "rows", rows,
                        "examples",
                            quarantine.of(reason).stream().map(DataPage::example).toList())));
    return reasons;
  }

  private static Map<String, String> example(QuarantinedRow row) {
    return Map.of(
        "place", row.sourceFile() + ", row " + row.rowNumber(),
        "detail", PageTemplate.visible(row.detail()),
        "raw", PageTemplate.visible(row.raw()));
  }

  private static String number(Optional<Double> value) {
    return value.map(v -> Numbers.of(DoubleNode.valueOf(v))).orElse(NONE);
  }
}
