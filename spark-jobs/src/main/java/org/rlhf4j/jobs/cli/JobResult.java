package org.rlhf4j.jobs.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a command reports in its last line.
 *
 * @param output what it wrote, empty when nothing
 * @param counts further fields, in order
 */
record JobResult(String output, Map<String, Object> counts) {
  static JobResult of(String output) {
    return new JobResult(output, Map.of());
  }

  JobResult with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(counts);
    more.put(name, value);
    return new JobResult(output, more);
  }
}
