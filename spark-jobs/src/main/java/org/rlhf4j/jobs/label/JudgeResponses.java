package org.rlhf4j.jobs.label;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.TaskCompletionListener;
import org.rlhf4j.config.JudgeRewardConfig;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.rollout.ChunkedIterator;
import org.rlhf4j.jobs.rollout.CutTexts;
import org.rlhf4j.jobs.rollout.ScoreRequest;
import org.rlhf4j.rlhf.MissingEnd;

/**
 * Asks the judge what each response is worth; one Spark task.
 *
 * @param cut counts the responses that the judge reads without their end
 */
record JudgeResponses(
    JudgeFactory factory, JudgeRewardConfig config, ScoreConfig score, CutTexts cut)
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
    List<Optional<Opinion>> opinions =
        judge.opinions(chunk.stream().map(request -> Inquiry.of(template, request)).toList());
    List<Score> scores = new ArrayList<>(chunk.size());
    for (int i = 0; i < chunk.size(); i++) {
      ScoreRequest request = chunk.get(i);
      scores.add(score(request, opinions.get(i).orElseThrow(() -> tooLong(request))));
    }
    return scores;
  }

  private Score score(ScoreRequest request, Opinion opinion) {
    if (opinion.hasCut(request.response())) {
      cut.responses().add(1);
    }
    double[] probabilities = opinion.probabilities().get(0);
    double[] values = config.values();
    double worth = 0;
    for (int i = 0; i < values.length; i++) {
      worth += probabilities[i] * values[i];
    }
    MissingEnd.Judged judged = MissingEnd.judge(worth, request.finishReason(), score);
    return new Score(request.rolloutId(), worth, judged.score(), judged.penalty());
  }

  private JobException tooLong(ScoreRequest request) {
    return JobException.badInput(
        "The question about rollout %s does not fit into the context of the judge %s; shorten"
            + " score.judge-template or lower data.max-prompt-tokens",
        request.rolloutId(), factory.name());
  }
}
