package org.rlhf4j.jobs.report;

import java.io.Serializable;
import java.util.Comparator;
import org.rlhf4j.data.dataset.AnnotatorWindow;

/** Those of one annotator in the order of time. */
final class WindowOrder implements Comparator<AnnotatorWindow>, Serializable {
  private static final long serialVersionUID = 1L;

  private static final Comparator<AnnotatorWindow> ORDER =
      Comparator.comparing(AnnotatorWindow::annotator).thenComparingInt(AnnotatorWindow::window);

  @Override
  public int compare(AnnotatorWindow one, AnnotatorWindow other) {
    return ORDER.compare(one, other);
  }
}
