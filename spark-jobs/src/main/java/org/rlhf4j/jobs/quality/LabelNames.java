package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.List;

/**
 * Labels as people read them: of votes on two options the option's name stands for first and
 * second.
 *
 * @param labels in order
 */
record LabelNames(List<String> labels, boolean areOptionsNamed) implements Serializable {
  String of(CodedItem item, int label) {
    String name = labels.get(label);
    if (!areOptionsNamed || item.contest().isEmpty()) {
      return name;
    }

    return name.equals(VoteRows.FIRST)
        ? item.contest().get(1)
        : name.equals(VoteRows.SECOND) ? item.contest().get(2) : name;
  }
}
