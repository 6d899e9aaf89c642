package org.rlhf4j.jobs.report;

import java.io.Serializable;
import java.util.Comparator;
import org.rlhf4j.data.dataset.PreferenceCycle;

/** Step by step. */
final class CycleOrder implements Comparator<PreferenceCycle>, Serializable {
  private static final long serialVersionUID = 1L;

  private static final Comparator<PreferenceCycle> ORDER =
      Comparator.comparing(PreferenceCycle::group)
          .thenComparingInt(PreferenceCycle::cycle)
          .thenComparingInt(PreferenceCycle::step);

  @Override
  public int compare(PreferenceCycle one, PreferenceCycle other) {
    return ORDER.compare(one, other);
  }
}
