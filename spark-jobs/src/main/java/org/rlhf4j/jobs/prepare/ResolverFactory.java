package org.rlhf4j.jobs.prepare;

import java.io.Serializable;
import java.util.List;
import java.util.function.Function;

/** Makes the rule that decides about a group, once a task. */
@FunctionalInterface
interface ResolverFactory extends Serializable {
  Function<List<Candidate>, List<Candidate>> resolver(RowIngest.Settings settings);
}
