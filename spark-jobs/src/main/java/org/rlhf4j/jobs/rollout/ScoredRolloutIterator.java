package org.rlhf4j.jobs.rollout;

import java.util.Collections;
import java.util.Iterator;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.rlhf.Moments;
import scala.Tuple2;

/**
 * Pairs rollouts with their scores from rows in {@link ResponseOrder}. Every row must find exactly
 * one partner: a lost row would change the iteration's statistics without a word.
 */
final class ScoredRolloutIterator implements Iterator<ScoredRollout> {
  private final Iterator<Tuple2<ResponseOrder.Key, Record>> rows;
  private final Iterator<Tuple2<ResponseOrder.Key, Moments>> groups;

  ScoredRolloutIterator(Iterator<Tuple2<ResponseOrder.Key, Record>> rows) {
    this(rows, Collections.emptyIterator());
  }

  /**
   * @param groups what the group of each response is like, in the same order; empty where nobody
   *     asked
   */
  ScoredRolloutIterator(
      Iterator<Tuple2<ResponseOrder.Key, Record>> rows,
      Iterator<Tuple2<ResponseOrder.Key, Moments>> groups) {
    this.rows = rows;
    this.groups = groups;
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public ScoredRollout next() {
    Tuple2<ResponseOrder.Key, Record> first = rows.next();
    if (!(first._2() instanceof Rollout rollout)) {
      throw JobException.badInput(
          "Score of rollout %s has no rollout of its own; score each rollout exactly once",
          first._1().rolloutId());
    }
    if (!rows.hasNext()) {
      throw withoutScore(rollout);
    }
    Tuple2<ResponseOrder.Key, Record> second = rows.next();
    if (!second._1().rolloutId().equals(rollout.rolloutId())) {
      throw withoutScore(rollout);
    }
    if (!(second._2() instanceof Score score)) {
      throw JobException.badInput(
          "Rollout %s appears more than once; give each rollout its own rollout_id",
          rollout.rolloutId());
    }
    return new ScoredRollout(rollout, score, groups.hasNext() ? groups.next()._2() : Moments.NONE);
  }

  private static JobException withoutScore(Rollout rollout) {
    return JobException.badInput(
        "Rollout %s has no score; score all rollouts of the iteration", rollout.rolloutId());
  }
}
