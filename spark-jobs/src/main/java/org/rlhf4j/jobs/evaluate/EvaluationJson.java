package org.rlhf4j.jobs.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rlhf4j.data.dataset.Evaluation;

/** The summary {@code evaluation.json}; numbers that do not exist are left out. */
final class EvaluationJson {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private EvaluationJson() {}

  /**
   * @param evaluations of all checkpoints; those of one prompt are shown side by side
   * @param samples prompts to show
   */
  static String of(EvaluateJob.Summary summary, List<Evaluation> evaluations, int samples) {
    ObjectNode root = JSON.createObjectNode();
    summary.rewardModel().ifPresent(model -> root.set("reward_model", rewardModel(model)));
    ArrayNode checkpoints = root.putArray("checkpoints");
    summary.policies().forEach(policy -> checkpoints.add(policy(policy)));
    ArrayNode comparisons = root.putArray("comparisons");
    summary.comparisons().forEach(comparison -> comparisons.add(comparison(comparison)));
    summary.bestOf().ifPresent(curve -> root.set("best_of", bestOf(curve)));
    root.set("samples", samples(evaluations, samples));
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of numbers and texts always becomes JSON", e);
    }
  }

  private static ObjectNode rewardModel(RewardModelSummary summary) {
    ObjectNode node = accuracy(summary.accuracy());
    node.put("left_out", summary.leftOut());
    node.put("calibration_error", summary.calibration().expectedError());
    node.set("calibration", calibration(summary.calibration()));
    node.put("margin", summary.meanMargin());
    summary.goldAccuracy().ifPresent(gold -> node.set("gold", accuracy(gold)));
    node.set("by_split", accuracies(summary.bySplit()));
    node.set("by_source", accuracies(summary.bySource()));
    node.set("by_length", accuracies(summary.byLength()));
    node.set("by_label_margin", bins(summary.byLabelMargin()));
    node.set("by_margin", bins(summary.byMargin()));
    node.set("by_region", bins(summary.byRegion()));
    node.put("annotators", summary.annotators());
    node.set("by_annotator", accuracies(summary.byAnnotator()));
    RewardModelCheck check = summary.check();
    node.set("longer_wins", accuracy(check.longerWins()));
    if (Double.isFinite(check.prefersLonger())) {
      node.put("prefers_longer", check.prefersLonger());
    }
    ArrayNode findings = node.putArray("findings");
    check.findings().forEach(findings::add);
    return node;
  }

  private static ArrayNode calibration(Calibration calibration) {
    ArrayNode node = JSON.createArrayNode();
    for (Calibration.Bin bin : calibration.curve()) {
      node.addObject().put("confidence", bin.confidence()).setAll(accuracy(bin.accuracy()));
    }
    return node;
  }

  private static ArrayNode bins(List<AccuracyBin> bins) {
    ArrayNode node = JSON.createArrayNode();
    for (AccuracyBin bin : bins) {
      ObjectNode range = node.addObject().put("from", bin.from()).put("to", bin.to());
      range.setAll(accuracy(bin.accuracy()));
    }
    return node;
  }

  private static ObjectNode accuracies(Map<String, Accuracy> accuracies) {
    ObjectNode node = JSON.createObjectNode();
    accuracies.forEach((name, accuracy) -> node.set(name, accuracy(accuracy)));
    return node;
  }

  private static ObjectNode accuracy(Accuracy accuracy) {
    ObjectNode node = JSON.createObjectNode();
    node.put("pairs", accuracy.comparisons());
    node.put("accuracy", accuracy.value());
    node.putArray("accuracy_interval").add(accuracy.low()).add(accuracy.high());
    return node;
  }

  private static ObjectNode policy(PolicySummary summary) {
    ObjectNode node = JSON.createObjectNode();
    node.put("checkpoint_id", summary.checkpointId());
    node.put("responses", summary.score().count());
    node.set("score", estimate(summary.score()));
    summary.goldScore().ifPresent(gold -> node.set("gold_score", estimate(gold)));
    node.set("kl_to_reference", estimate(summary.klToReference()));
    node.set("response_tokens", estimate(summary.responseTokens()));
    return node;
  }

  private static ObjectNode estimate(Estimate estimate) {
    ObjectNode node = JSON.createObjectNode();
    node.put("mean", estimate.mean());
    node.put("standard_error", estimate.standardError());
    return node;
  }

  private static ObjectNode comparison(PolicyComparison comparison) {
    ObjectNode node = JSON.createObjectNode();
    node.put("checkpoint_id", comparison.checkpointId());
    node.put("baseline", comparison.baseline());
    node.put("prompts", comparison.score().difference().count());
    node.set("score", difference(comparison.score()));
    comparison.goldScore().ifPresent(gold -> node.set("gold_score", difference(gold)));
    return node;
  }

  private static ObjectNode difference(PolicyComparison.Difference difference) {
    ObjectNode node = JSON.createObjectNode();
    node.put("difference", difference.difference().mean());
    node.put("standard_error", difference.difference().standardError());
    difference.standardErrors().ifPresent(value -> node.put("standard_errors", value));
    node.put("win_rate", difference.winRate());
    return node;
  }

  private static ArrayNode bestOf(BestOfCurve curve) {
    ArrayNode points = JSON.createArrayNode();
    for (BestOfCurve.Point point : curve.points()) {
      ObjectNode node = points.addObject();
      node.put("n", point.n());
      node.put("kl_to_reference", point.kl());
      node.set("score", estimate(point.score()));
      point.goldScore().ifPresent(gold -> node.set("gold_score", estimate(gold)));
    }
    return points;
  }

  private static ArrayNode samples(List<Evaluation> evaluations, int samples) {
    Map<String, ObjectNode> byPrompt = new LinkedHashMap<>();
    for (Evaluation evaluation : evaluations) {
      if (byPrompt.size() == samples && !byPrompt.containsKey(evaluation.promptId())) {
        continue;
      }
      ObjectNode prompt =
          byPrompt.computeIfAbsent(evaluation.promptId(), id -> samplePrompt(evaluation));
      ((ArrayNode) prompt.get("responses")).add(sample(evaluation));
    }
    ArrayNode table = JSON.createArrayNode();
    byPrompt.values().forEach(table::add);
    return table;
  }

  private static ObjectNode samplePrompt(Evaluation evaluation) {
    ObjectNode node = JSON.createObjectNode();
    node.put("prompt_id", evaluation.promptId());
    node.put("prompt", evaluation.prompt());
    node.putArray("responses");
    return node;
  }

  private static ObjectNode sample(Evaluation evaluation) {
    ObjectNode node = JSON.createObjectNode();
    node.put("checkpoint_id", evaluation.checkpointId());
    node.put("response", evaluation.response());
    node.put("score", evaluation.score());
    evaluation.goldScore().ifPresent(gold -> node.put("gold_score", gold));
    return node;
  }
}
