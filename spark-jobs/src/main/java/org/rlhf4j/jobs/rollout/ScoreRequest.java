package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import java.util.List;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.Rollout;

/**
 * One response to score, as text: the reward model may have another tokenizer than the policy.
 *
 * @param rolloutId id of the response
 * @param prompt its turns
 * @param response without end token
 * @param finishReason {@code LENGTH} means that no end token follows
 */
public record ScoreRequest(
    String rolloutId, List<Message> prompt, String response, FinishReason finishReason)
    implements Serializable {
  /** The prompt of a rollout is the text that its policy saw. */
  public static ScoreRequest of(Rollout rollout) {
    return new ScoreRequest(
        rollout.rolloutId(),
        List.of(Message.text(rollout.promptText())),
        rollout.response(),
        rollout.finishReason());
  }
}
