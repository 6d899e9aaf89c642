package org.rlhf4j.jobs.report;

import java.io.Serializable;
import java.util.Comparator;
import org.rlhf4j.data.dataset.Ranking;

/** By group and component, the strongest first. */
final class RankingOrder implements Comparator<Ranking>, Serializable {
  private static final long serialVersionUID = 1L;

  private static final Comparator<Ranking> ORDER =
      Comparator.comparing(Ranking::group)
          .thenComparingInt(Ranking::component)
          .thenComparingInt(Ranking::place);

  @Override
  public int compare(Ranking one, Ranking other) {
    return ORDER.compare(one, other);
  }
}
