package org.rlhf4j.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where a reward model is right and where not, from evaluation.json. */
final class RewardModelTables {
  private static final int MOST_ROWS = 20;

  private RewardModelTables() {}

  /** Tables of a title and rows; those that would have fewer than two rows are left out. */
  static List<Map<String, Object>> of(JsonNode model) {
    List<Map<String, Object>> tables = new ArrayList<>();
    add(tables, "by split", named(model.path("by_split")));
    add(tables, "by margin that the annotators gave", bins(model.path("by_label_margin")));
    add(tables, "by margin of the scores", bins(model.path("by_margin")));
    add(tables, "by mean score of the pair", bins(model.path("by_region")));
    add(tables, "by length", named(model.path("by_length")));
    add(tables, "by source", named(model.path("by_source")));
    add(tables, "by annotator, most pairs first", named(model.path("by_annotator")));
    return tables;
  }

  private static void add(
      List<Map<String, Object>> tables, String title, List<Map<String, String>> rows) {
    if (rows.size() > 1) {
      tables.add(Map.of("title", title, "rows", rows));
    }
  }

  private static List<Map<String, String>> bins(JsonNode bins) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (JsonNode bin : bins) {
      String from = Numbers.of(bin.path("from"));
      String to = Numbers.of(bin.path("to"));
      rows.add(row(from.equals(to) ? from : from + " to " + to, bin));
    }
    return rows;
  }

  private static List<Map<String, String>> named(JsonNode groups) {
    List<Map<String, String>> rows = new ArrayList<>();
    groups
        .fields()
        .forEachRemaining(
            group -> {
              if (rows.size() < MOST_ROWS) {
                rows.add(row(PageTemplate.visible(group.getKey()), group.getValue()));
              }
            });
    return rows;
  }

  private static Map<String, String> row(String name, JsonNode accuracy) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("name", name);
    row.put("pairs", Numbers.of(accuracy.path("pairs")));
    row.put("accuracy", withInterval(accuracy));
    return row;
  }

  /** {@code accuracy (low to high)}. */
  static String withInterval(JsonNode accuracy) {
    JsonNode interval = accuracy.path("accuracy_interval");
    return String.format(
        "%s (%s to %s)",
        Numbers.of(accuracy.path("accuracy")),
        Numbers.of(interval.path(0)),
        Numbers.of(interval.path(1)));
  }
}
