package org.rlhf4j.jobs.ppo;

/**
 * Where a PPO run keeps what it makes, on any Hadoop path.
 *
 * @param root run directory or the command's output
 */
public record PpoLayout(String root) {
  /** The tuned model, written when the last iteration is done. */
  public String finalPolicy() {
    return root + "/policy";
  }

  public String metricsFile() {
    return root + "/metrics/ppo.jsonl";
  }

  public String policyCheckpoints() {
    return root + "/checkpoints/policy";
  }

  public String criticCheckpoints() {
    return root + "/checkpoints/critic";
  }

  /** The critic's first weights where no reward model gives them. */
  String criticStart() {
    return root + "/critic-start";
  }

  /** Directory of one critic checkpoint, as the checkpoint store names it. */
  String criticCheckpoint(long step) {
    return String.format("%s/%05d", criticCheckpoints(), step);
  }

  /** Training prompts that are too long; not there if none is. */
  public String promptQuarantine() {
    return root + "/datasets/rollouts/_quarantine";
  }

  /**
   * Dataset of an iteration.
   *
   * @param iteration counted from 1
   */
  public String rollouts(long iteration) {
    return dataset("rollouts", iteration);
  }

  String scores(long iteration) {
    return dataset("scores", iteration);
  }

  String experience(long iteration) {
    return dataset("experience", iteration);
  }

  private String dataset(String name, long iteration) {
    return String.format("%s/datasets/%s/iteration=%05d", root, name, iteration);
  }
}
