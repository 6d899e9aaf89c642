package org.rlhf4j.jobs.prepare.similar;

import java.io.Serializable;

/** Two texts by their ids, the smaller one first. */
record Pair(long left, long right) implements Serializable {
  static Pair of(long one, long other) {
    return new Pair(Math.min(one, other), Math.max(one, other));
  }
}
