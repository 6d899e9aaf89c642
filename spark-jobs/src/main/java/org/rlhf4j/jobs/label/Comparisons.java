package org.rlhf4j.jobs.label;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.raw.SplitRule;
import org.rlhf4j.jobs.rollout.ScoreRequest;

/** What there is to compare in an input. */
final class Comparisons {
  private static final String SOURCE = "label";

  private Comparisons() {}

  /** The two sides of each pair, whose own label is not read. */
  static JavaRDD<Comparison> ofPairs(JavaRDD<PreferencePair> pairs) {
    return pairs.map(
        pair ->
            new Comparison(
                pair.promptId(),
                pair.groupId().equals(pair.pairId()) ? "" : pair.groupId(),
                pair.split(),
                pair.source(),
                pair.prompt(),
                pair.chosen(),
                pair.rejected(),
                pair.weight()));
  }

  /**
   * All pairs of different responses to one prompt, 1/C(K,2) each.
   *
   * @param split of prompts
   */
  static JavaRDD<Comparison> ofResponses(JavaRDD<ScoreRequest> responses, SplitRule split) {
    return responses
        .groupBy(response -> RowIds.promptId(response.prompt()))
        .flatMap(group -> pairs(group._1(), group._2(), split).iterator());
  }

  /** Of the different responses to one prompt, in the order of their ids. */
  static List<Comparison> pairs(String promptId, Iterable<ScoreRequest> group, SplitRule split) {
    TreeMap<String, ScoreRequest> distinct = new TreeMap<>();
    Comparator<ScoreRequest> byId = Comparator.comparing(ScoreRequest::rolloutId);
    for (ScoreRequest request : group) {
      distinct.merge(request.response(), request, (a, b) -> byId.compare(a, b) <= 0 ? a : b);
    }
    List<ScoreRequest> responses = distinct.values().stream().sorted(byId).toList();
    int count = responses.size() * (responses.size() - 1) / 2;
    String groupId = count > 1 ? RowIds.hash("label-group", List.of(promptId)) : "";
    List<Comparison> pairs = new ArrayList<>(count);
    for (int i = 0; i < responses.size(); i++) {
      for (int j = i + 1; j < responses.size(); j++) {
        pairs.add(
            new Comparison(
                promptId,
                groupId,
                split.of(promptId),
                SOURCE,
                responses.get(i).prompt(),
                responses.get(i).response(),
                responses.get(j).response(),
                1.0 / count));
      }
    }
    return pairs;
  }
}
