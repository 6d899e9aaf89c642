package org.rlhf4j.jobs.label;

import java.io.Serializable;

/** Makes the judge of one task. */
interface JudgeFactory extends Serializable {
  /** Who is named as annotator. */
  String name();

  /**
   * Most tasks at the same time.
   *
   * @param parallelism of the cluster
   */
  int mostTasks(int parallelism);

  Judge judge();
}
