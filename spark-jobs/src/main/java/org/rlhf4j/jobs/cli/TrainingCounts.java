package org.rlhf4j.jobs.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rlhf4j.jobs.train.HeldOut;
import org.rlhf4j.jobs.train.RowCounts;

/** What trainers report, as JSON. */
final class TrainingCounts {
  private TrainingCounts() {}

  static Map<String, Long> of(RowCounts rows) {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("read", rows.read());
    counts.put("train", rows.train());
    counts.put("validation", rows.validation());
    counts.put("test", rows.test());
    counts.put("over_length", rows.overLength());
    counts.put("truncated", rows.truncated());
    return counts;
  }

  /** Adds the accuracy on a split, if it has rows. */
  static JobResult with(JobResult result, String split, Optional<HeldOut> heldOut) {
    if (heldOut.isEmpty()) {
      return result;
    }
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("pairs", heldOut.get().pairs());
    numbers.put("accuracy", heldOut.get().accuracy());
    numbers.put("accuracy_interval", List.of(heldOut.get().low(), heldOut.get().high()));
    numbers.put("loss", heldOut.get().loss());
    numbers.put("margin", heldOut.get().margin());
    return result.with(split, numbers);
  }
}
