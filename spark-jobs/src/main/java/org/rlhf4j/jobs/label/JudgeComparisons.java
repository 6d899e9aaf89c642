package org.rlhf4j.jobs.label;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.TaskCompletionListener;
import org.rlhf4j.jobs.rollout.ChunkedIterator;

/** Asks the judge about each comparison, in both orders; one Spark task. */
record JudgeComparisons(JudgeFactory factory, String template)
    implements FlatMapFunction<Iterator<Comparison>, Verdict> {
  private static final int CHUNK = 64;

  @Override
  public Iterator<Verdict> call(Iterator<Comparison> comparisons) {
    if (!comparisons.hasNext()) {
      return Collections.emptyIterator();
    }
    Judge judge = factory.judge();
    TaskCompletionListener close = context -> judge.close();
    TaskContext.get().addTaskCompletionListener(close);
    return new ChunkedIterator<>(comparisons, CHUNK, chunk -> verdicts(judge, template, chunk));
  }

  /** In the order of the comparisons. */
  static List<Verdict> verdicts(Judge judge, String template, List<Comparison> chunk) {
    List<Optional<Opinion>> opinions =
        judge.opinions(chunk.stream().map(comparison -> Inquiry.of(template, comparison)).toList());
    List<Verdict> verdicts = new ArrayList<>(chunk.size());
    for (int i = 0; i < chunk.size(); i++) {
      Comparison comparison = chunk.get(i);
      verdicts.add(
          opinions
              .get(i)
              .map(opinion -> Verdict.of(comparison, opinion))
              .orElseGet(() -> Verdict.tooLong(comparison)));
    }
    return verdicts;
  }
}
