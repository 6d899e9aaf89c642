package org.rlhf4j.jobs.rollout;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.rlhf.Moments;
import scala.Tuple2;

/**
 * Pairs rollouts with their scores from rows in {@link ResponseOrder}, those of one response in any
 * order. Every row must find exactly one partner: a lost row would change the iteration's
 * statistics without a word.
 */
final class ScoredRolloutIterator implements Iterator<ScoredRollout> {
  private static final String ONE_TOO_MANY =
      "Score of rollout %s has no rollout of its own; score each rollout exactly once";

  private final Iterator<Tuple2<String, byte[]>> rows;
  private final Iterator<Tuple2<String, Moments>> groups;
  private Tuple2<String, byte[]> next; // null at the end

  ScoredRolloutIterator(Iterator<Tuple2<String, byte[]>> rows) {
    this(rows, Collections.emptyIterator());
  }

  /**
   * @param rows packed, by rollout id
   * @param groups what the group of each response is like, in the same order; empty where nobody
   *     asked
   */
  ScoredRolloutIterator(
      Iterator<Tuple2<String, byte[]>> rows, Iterator<Tuple2<String, Moments>> groups) {
    this.rows = rows;
    this.groups = groups;
    advance();
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public ScoredRollout next() {
    if (next == null) {
      throw new NoSuchElementException();
    }
    String id = next._1();
    byte[] rollout = null;
    byte[] score = null;
    for (; next != null && next._1().equals(id); advance()) {
      if (PackedRow.isScore(next._2())) {
        check(score == null, ONE_TOO_MANY, id);
        score = next._2();
      } else {
        check(
            rollout == null,
            "Rollout %s appears more than once; give each rollout its own rollout_id",
            id);
        rollout = next._2();
      }
    }
    check(rollout != null, ONE_TOO_MANY, id);
    check(score != null, "Rollout %s has no score; score all rollouts of the iteration", id);
    ScoredRollout scored = PackedRow.scored(id, rollout, score);
    return groups.hasNext() ? scored.in(groups.next()._2()) : scored;
  }

  private void advance() {
    next = rows.hasNext() ? rows.next() : null;
  }

  @FormatMethod
  private static void check(boolean holds, @FormatString String sentence, String id) {
    if (!holds) {
      throw JobException.badInput(sentence, id);
    }
  }
}
