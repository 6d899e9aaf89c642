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
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.rlhf.MissingEnd;
import org.rlhf4j.text.TextEncoder;

/** Scores the responses of one task with a reward model. Not thread-safe. */
public final class ResponseScorer implements AutoCloseable {
  private static final int BATCH_TOKENS = 8192;

  private final String directory;
  private final ScoreConfig config;
  private final TextEncoder encoder;
  private final int contextLength;
  private final float offset;
  private final SequenceEvaluator evaluator;
  private long cutPrompts;

  public ResponseScorer(String rewardModelDirectory, ScoreConfig config, int threads) {
    DecoderModel model = ExecutorModels.rewardModel(rewardModelDirectory);
    this.directory = rewardModelDirectory;
    this.config = config;
    this.encoder = ExecutorModels.encoder(rewardModelDirectory);
    this.contextLength = model.config().contextLength();
    this.offset = (float) ExecutorModels.scoreOffset(rewardModelDirectory);
    this.evaluator = new SequenceEvaluator(model, BATCH_TOKENS, threads);
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

  /** Prompt and response with the reward model's own tokenizer; a long prompt loses its start. */
  private TokenSequence encode(ScoreRequest request) {
    int[] prompt = encoder.promptTokens(request.prompt());
    int[] response =
        request.finishReason() == FinishReason.STOP
            ? encoder.responseTokensWithEnd(request.response())
            : encoder.responseTokens(request.response());
    int room = contextLength - response.length;
    if (room < 1) {
      throw JobException.badInput(
          "The response of rollout %s has %d tokens, but the reward model %s reads at most %d;"
              + " lower generation.max-new-tokens or use a model with a longer context",
          request.rolloutId(), response.length, directory, contextLength);
    }
    if (prompt.length > room) {
      prompt = Arrays.copyOfRange(prompt, prompt.length - room, prompt.length);
      cutPrompts++;
    }
    return new TokenSequence(prompt, response);
  }

  /** Prompts so far that lost their start, since the model's context does not hold them. */
  public long cutPrompts() {
    return cutPrompts;
  }

  @Override
  public void close() {
    evaluator.close();
  }
}
