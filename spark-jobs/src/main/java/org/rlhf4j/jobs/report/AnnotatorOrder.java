package org.rlhf4j.jobs.report;

import java.io.Serializable;
import java.util.Comparator;
import org.rlhf4j.data.dataset.Annotator;

/** Those with flags first, then those with most items. */
final class AnnotatorOrder implements Comparator<Annotator>, Serializable {
  private static final long serialVersionUID = 1L;

  @Override
  public int compare(Annotator one, Annotator other) {
    int flags = Boolean.compare(one.flags().isEmpty(), other.flags().isEmpty());
    int items = Integer.compare(other.items(), one.items());
    return flags != 0 ? flags : items != 0 ? items : one.annotator().compareTo(other.annotator());
  }
}
