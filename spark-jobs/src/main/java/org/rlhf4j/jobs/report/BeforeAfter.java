package org.rlhf4j.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The start and the tuned policy side by side, from evaluation.json. */
final class BeforeAfter {
  private static final Map<String, String> QUANTITIES = quantities();

  private BeforeAfter() {}

  private static Map<String, String> quantities() {
    Map<String, String> quantities = new LinkedHashMap<>();
    quantities.put("gold_score", "gold reward");
    quantities.put("score", "reward model's score");
    quantities.put("kl_to_reference", "KL to the reference, nats per response");
    quantities.put("response_tokens", "response length, tokens");
    return quantities;
  }

  /** One row for each quantity: means with standard errors, and the paired difference. */
  static List<Map<String, String>> rows(JsonNode evaluation) {
    List<Map<String, String>> rows = new ArrayList<>();
    JsonNode checkpoints = evaluation.path("checkpoints");
    if (checkpoints.size() < 2) {
      return rows;
    }
    JsonNode before = checkpoints.path(0);
    JsonNode after = checkpoints.path(checkpoints.size() - 1);
    JsonNode comparisons = evaluation.path("comparisons");
    JsonNode comparison = comparisons.path(comparisons.size() - 1);
    QUANTITIES.forEach(
        (key, name) -> {
          if (before.has(key)) {
            rows.add(row(name, before.path(key), after.path(key), comparison.path(key)));
          }
        });
    return rows;
  }

  private static Map<String, String> row(
      String name, JsonNode before, JsonNode after, JsonNode difference) {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("name", name);
    row.put("before", Numbers.withError(before.path("mean"), before.path("standard_error")));
    row.put("after", Numbers.withError(after.path("mean"), after.path("standard_error")));
    row.put(
        "difference",
        Numbers.withError(difference.path("difference"), difference.path("standard_error")));
    row.put("standardErrors", Numbers.of(difference.path("standard_errors")));
    row.put("winRate", Numbers.of(difference.path("win_rate")));
    return row;
  }

  /** Prompts with the responses of every checkpoint. */
  static List<Map<String, Object>> samples(JsonNode evaluation) {
    List<Map<String, Object>> samples = new ArrayList<>();
    for (JsonNode sample : evaluation.path("samples")) {
      List<Map<String, String>> responses = new ArrayList<>();
      for (JsonNode response : sample.path("responses")) {
        responses.add(
            Map.of(
                "checkpoint", response.path("checkpoint_id").asText(),
                "text", PageTemplate.visible(response.path("response").asText().strip()),
                "score", Numbers.of(response.path("score")),
                "gold", Numbers.of(response.path("gold_score"))));
      }
      samples.add(
          Map.of(
              "prompt",
              PageTemplate.visible(sample.path("prompt").asText().strip()),
              "responses",
              responses));
    }
    return samples;
  }
}
