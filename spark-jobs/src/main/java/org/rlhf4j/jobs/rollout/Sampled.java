package org.rlhf4j.jobs.rollout;

import java.util.List;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.generation.GeneratedResponse;
import org.rlhf4j.generation.GenerationRequest;

/**
 * A response and what it answers.
 *
 * @param id of the rollout that this becomes
 * @param promptText what the policy saw, as text
 */
record Sampled(
    PromptDraw draw,
    String id,
    String promptText,
    String responseText,
    GenerationRequest request,
    GeneratedResponse response) {

  TokenSequence sequence() {
    return new TokenSequence(request.promptTokens(), response.tokens());
  }

  /** As {@link ScoreRequest#of} asks about the rollout that this becomes. */
  ScoreRequest scoreRequest() {
    return new ScoreRequest(
        id, List.of(Message.text(promptText)), responseText, response.finishReason());
  }
}
