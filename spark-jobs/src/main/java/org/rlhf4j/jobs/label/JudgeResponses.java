package org.rlhf4j.jobs.label;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.TaskCompletionListener;
import org.rlhf4j.config.JudgeRewardConfig;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.rollout.ChunkedIterator;
import org.rlhf4j.jobs.rollout.ScoreRequest;
import org.rlhf4j.rlhf.MissingEnd;

/** Asks the judge what each response is worth; one Spark task. */
record JudgeResponses(JudgeFactory factory, JudgeRewardConfig config, ScoreConfig score)
    implements FlatMapFunction<Iterator<ScoreRequest>, Score> {
  private static final int CHUNK = 64;

  @Override
  public Iterator<Score> call(Iterator<ScoreRequest> requests) {
    if (!requests.hasNext()) {
      return Collections.emptyIterator();
    }
    Judge judge = factory.judge();
    TaskCompletionListener close = context -> judge.close();
    TaskContext.get().addTaskCompletionListener(close);
    return new ChunkedIterator<>(requests, CHUNK, chunk -> scores(judge, chunk));
  }

  private List<Score> scores(Judge judge, List<ScoreRequest> chunk) {
    String template = config.template().isEmpty() ? Question.USUAL_GRADE : config.template();
    List<Question> questions =
        chunk.stream()
            .map(request -> Question.of(template, request.prompt(), request.response()))
            .toList();
    double[][] answers = judge.probabilities(questions);
    List<Score> scores = new ArrayList<>(answers.length);
    for (int i = 0; i < answers.length; i++) {
      scores.add(score(chunk.get(i), answers[i]));
    }
    return scores;
  }

  private Score score(ScoreRequest request, double[] probabilities) {
    double[] values = config.values();
    double worth = 0;
    for (int i = 0; i < values.length; i++) {
      worth += probabilities[i] * values[i];
    }
    if (Double.isNaN(worth)) {
      throw JobException.badInput(
          "The question about rollout %s does not fit into the context of the judge %s; shorten"
              + " score.judge-template or lower data.max-prompt-tokens",
          request.rolloutId(), factory.name());
    }
    MissingEnd.Judged judged = MissingEnd.judge(worth, request.finishReason(), score);
    return new Score(request.rolloutId(), worth, judged.score(), judged.penalty());
  }
}
