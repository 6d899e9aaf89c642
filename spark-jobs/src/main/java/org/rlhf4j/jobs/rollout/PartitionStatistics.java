package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;

/**
 * Statistics of one partition by bucket, or what is wrong with its rows. A wrong row is reported as
 * a value, because a task that throws would be tried again in vain.
 *
 * @param problems the first problem, if any
 */
record PartitionStatistics(TreeMap<Integer, IterationStatistics> buckets, List<String> problems)
    implements Serializable {

  static PartitionStatistics of(Iterator<ScoredRollout> responses, ExperienceBuilder builder) {
    TreeMap<Integer, IterationStatistics> buckets = new TreeMap<>();
    try {
      while (responses.hasNext()) {
        ScoredRollout scored = responses.next();
        buckets.merge(
            ResponseOrder.bucket(scored.rollout().rolloutId()),
            IterationStatistics.of(scored, builder.build(scored)),
            IterationStatistics::merge);
      }
    } catch (JobException e) {
      return new PartitionStatistics(new TreeMap<>(), List.of(e.getMessage()));
    }
    return new PartitionStatistics(buckets, List.of());
  }

  void throwIfBroken() {
    if (!problems.isEmpty()) {
      throw new JobException(ExitCode.BAD_INPUT, problems.get(0));
    }
  }
}
