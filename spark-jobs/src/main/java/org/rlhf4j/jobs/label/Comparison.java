package org.rlhf4j.jobs.label;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.dataset.Split;

/**
 * Two responses to one prompt that a judge shall compare.
 *
 * @param groupId empty: the comparison stands alone
 * @param weight of the pair in a loss
 */
record Comparison(
    String promptId,
    String groupId,
    Split split,
    String source,
    List<Message> prompt,
    String first,
    String second,
    double weight)
    implements Serializable {

  Comparison withResponses(String newFirst, String newSecond) {
    return new Comparison(promptId, groupId, split, source, prompt, newFirst, newSecond, weight);
  }

  /**
   * The pair that the judge's answer makes.
   *
   * @param firstProbability that the first response is better, not one half
   */
  PreferencePair labelled(double firstProbability, String judge) {
    String chosen = firstProbability > 0.5 ? first : second;
    String rejected = firstProbability > 0.5 ? second : first;
    String id = RowIds.hash("label", List.of(promptId, chosen, rejected, judge));
    return new PreferencePair(
        id,
        groupId.isEmpty() ? id : groupId,
        promptId,
        split,
        source,
        prompt,
        chosen,
        rejected,
        Optional.empty(),
        weight,
        Optional.of(judge),
        Optional.empty());
  }
}
