package org.rlhf4j.jobs.report;

import java.io.Serializable;
import java.util.Comparator;
import org.rlhf4j.data.dataset.AnnotatorPair;

/** The most improbable first. */
final class PairOrder implements Comparator<AnnotatorPair>, Serializable {
  private static final long serialVersionUID = 1L;

  @Override
  public int compare(AnnotatorPair one, AnnotatorPair other) {
    int probability = Double.compare(one.log10Probability(), other.log10Probability());
    int name = one.annotator().compareTo(other.annotator());
    return probability != 0 ? probability : name != 0 ? name : one.other().compareTo(other.other());
  }
}
