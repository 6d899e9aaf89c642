package org.rlhf4j.jobs.rollout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.rlhf.MissingEnd;
import org.rlhf4j.text.TextEncoder;

/** Scores the responses of one task with a reward model. Not thread-safe. */
public final class ResponseScorer implements AutoCloseable {
  private static final int BATCH_TOKENS = 8192;

  private final ScoreConfig config;
  private final TextEncoder encoder;
  private final int contextLength;
  private final float offset;
  private final SequenceEvaluator evaluator;
  private final CutTexts cut;

  /**
   * @param threads kernel threads
   * @param cut counts the texts that the model's context does not hold
   */
  public ResponseScorer(
      String rewardModelDirectory, ScoreConfig config, int threads, CutTexts cut) {
    DecoderModel model = ExecutorModels.rewardModel(rewardModelDirectory);
    this.config = config;
    this.encoder = ExecutorModels.encoder(rewardModelDirectory);
    this.contextLength = model.config().contextLength();
    this.offset = (float) ExecutorModels.scoreOffset(rewardModelDirectory);
    this.evaluator = new SequenceEvaluator(model, BATCH_TOKENS, threads);
    this.cut = cut;
  }

  /** Scores in the order of the requests. */
  public List<Score> score(List<ScoreRequest> requests) {
    List<TokenSequence> sequences = requests.stream().map(this::encode).toList();
    float[] scalars = evaluator.lastScalars(sequences);
    List<Score> scores = new ArrayList<>(requests.size());
    for (int i = 0; i < scalars.length; i++) {
      ScoreRequest request = requests.get(i);
      float raw = scalars[i] + offset;
      MissingEnd.Judged judged = MissingEnd.judge(raw, request.finishReason(), config);
      scores.add(new Score(request.rolloutId(), raw, judged.score(), judged.penalty()));
    }
    return scores;
  }

  /**
   * Prompt and response with the reward model's own tokenizer. A long response loses its end, and
   * then ends without an end token; a long prompt loses its start, but for one token.
   */
  private TokenSequence encode(ScoreRequest request) {
    int[] prompt = encoder.promptTokens(request.prompt());
    int[] response =
        request.finishReason() == FinishReason.STOP
            ? encoder.responseTokensWithEnd(request.response())
            : encoder.responseTokens(request.response());
    int mostOfResponse = contextLength - Math.min(prompt.length, 1);
    if (response.length > mostOfResponse) {
      response = Arrays.copyOf(response, mostOfResponse);
      cut.responses().add(1);
    }
    int room = contextLength - response.length;
    if (prompt.length > room) {
      prompt = Arrays.copyOfRange(prompt, prompt.length - room, prompt.length);
      cut.prompts().add(1);
    }
    return new TokenSequence(prompt, response);
  }

  @Override
  public void close() {
    evaluator.close();
  }
}
