package org.rlhf4j.jobs.label;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.TaskCompletionListener;
import org.rlhf4j.config.LabelConfig;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.data.raw.SplitRule;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.rollout.ChunkedIterator;
import org.rlhf4j.jobs.rollout.CutTexts;
import org.rlhf4j.jobs.rollout.ScoreRequest;
import org.rlhf4j.rlhf.MissingEnd;

/**
 * Asks the judge which of two responses is better, of all pairs of different responses to a prompt;
 * one Spark task. A response's score is 2 p - 1, p the mean probability over the others that it is
 * preferred: of two responses, their label as numbers of opposite sign.
 *
 * @param cut counts the responses that the judge reads without their end in a comparison
 */
record JudgeGroups(JudgeFactory factory, LabelConfig label, ScoreConfig score, CutTexts cut)
    implements FlatMapFunction<Iterator<Iterable<ScoreRequest>>, Score> {
  private static final int CHUNK = 16;

  /** Nobody reads the split of what is only compared. */
  private static final SplitRule UNSPLIT = new SplitRule(0, 0, 0);

  /** Sum of 2 p - 1 and number of comparisons. */
  private record Tally(double sum, int count) {
    Tally plus(Tally other) {
      return new Tally(sum + other.sum, count + other.count);
    }
  }

  @Override
  public Iterator<Score> call(Iterator<Iterable<ScoreRequest>> groups) {
    if (!groups.hasNext()) {
      return Collections.emptyIterator();
    }
    Judge judge = factory.judge();
    TaskCompletionListener close = context -> judge.close();
    TaskContext.get().addTaskCompletionListener(close);
    return new ChunkedIterator<>(groups, CHUNK, chunk -> scores(judge, chunk));
  }

  private List<Score> scores(Judge judge, List<Iterable<ScoreRequest>> chunk) {
    List<List<ScoreRequest>> groups = chunk.stream().map(JudgeGroups::sorted).toList();
    List<Comparison> comparisons = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    for (List<ScoreRequest> group : groups) {
      String promptId = RowIds.promptId(group.get(0).prompt());
      List<Comparison> pairs = Comparisons.pairs(promptId, group, UNSPLIT);
      comparisons.addAll(pairs);
      counts.add(pairs.size());
    }
    Iterator<Verdict> all =
        JudgeComparisons.verdicts(judge, Question.template(label), comparisons).iterator();
    List<Score> scores = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      List<Verdict> verdicts = next(all, counts.get(i));
      countCut(groups.get(i), verdicts);
      Map<String, Tally> tallies = tallies(verdicts);
      for (ScoreRequest request : groups.get(i)) {
        scores.add(score(request, tallies.getOrDefault(request.response(), new Tally(0, 1))));
      }
    }
    return scores;
  }

  private static List<ScoreRequest> sorted(Iterable<ScoreRequest> group) {
    List<ScoreRequest> sorted = new ArrayList<>();
    group.forEach(sorted::add);
    sorted.sort(Comparator.comparing(ScoreRequest::rolloutId));
    return sorted;
  }

  private static List<Verdict> next(Iterator<Verdict> verdicts, int count) {
    List<Verdict> next = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      next.add(verdicts.next());
    }
    return next;
  }

  private void countCut(List<ScoreRequest> group, List<Verdict> verdicts) {
    Set<String> responses =
        verdicts.stream()
            .flatMap(verdict -> verdict.cutResponses().stream())
            .collect(Collectors.toSet());
    cut.responses()
        .add(group.stream().filter(request -> responses.contains(request.response())).count());
  }

  /** By response. */
  private Map<String, Tally> tallies(List<Verdict> verdicts) {
    Map<String, Tally> tallies = new HashMap<>();
    for (Verdict verdict : verdicts) {
      if (verdict.isTooLong()) {
        throw JobException.badInput(
            "The question about two responses to prompt %s does not fit into the context of the"
                + " judge %s; shorten label.template or lower data.max-prompt-tokens",
            verdict.comparison().promptId(), factory.name());
      }
      boolean isDecided = verdict.isDecided(label.leastConfidence());
      double preference = isDecided ? 2 * verdict.firstProbability() - 1 : 0;
      tallies.merge(verdict.comparison().first(), new Tally(preference, 1), Tally::plus);
      tallies.merge(verdict.comparison().second(), new Tally(-preference, 1), Tally::plus);
    }
    return tallies;
  }

  private Score score(ScoreRequest request, Tally tally) {
    double worth = tally.sum() / tally.count();
    MissingEnd.Judged judged = MissingEnd.judge(worth, request.finishReason(), score);
    return new Score(request.rolloutId(), worth, judged.score(), judged.penalty());
  }
}
