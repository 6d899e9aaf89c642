package org.rlhf4j.jobs.label;

import java.util.List;

/**
 * Judges that are a language model, loaded once per JVM.
 *
 * @param name model directory
 * @param threads kernel threads of a task
 */
record ModelFactory(String name, List<String> answers, int threads) implements JudgeFactory {
  @Override
  public int mostTasks(int parallelism) {
    return parallelism;
  }

  @Override
  public Judge judge() {
    return new ModelJudge(name, answers, threads);
  }
}
