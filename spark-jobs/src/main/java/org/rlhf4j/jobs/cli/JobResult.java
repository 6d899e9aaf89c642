package org.rlhf4j.jobs.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a command reports in its last line.
 *
 * @param status done, unless the command asks for the state of something else
 * @param output what it wrote or looked at
 * @param counts further fields, in order
 */
record JobResult(String status, String output, Map<String, Object> counts) {
  static JobResult of(String output) {
    return new JobResult("done", output, Map.of());
  }

  JobResult with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(counts);
    more.put(name, value);
    return new JobResult(status, output, more);
  }
}
