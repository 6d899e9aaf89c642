package org.rlhf4j.jobs.pipeline;

import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.ppo.PpoLayout;

/**
 * Names of what lies in a run directory, on any Hadoop path.
 *
 * @param root the directory itself
 */
public record RunDirectory(String root) {
  /**
   * Step of the models that exist before the first iteration; PPO counts its checkpoints from 1.
   */
  private static final String BEFORE_PPO = "00000";

  /** State of the run. */
  public Path state() {
    return new Path(root, "run.json");
  }

  /** All settings of the run. */
  public Path config() {
    return new Path(root, "config.yaml");
  }

  public String raw() {
    return child("raw");
  }

  public String datasets() {
    return child("datasets");
  }

  public String dataset(String name) {
    return child("datasets/" + name);
  }

  public String tokenizer() {
    return child("tokenizer");
  }

  /** A model of random weights, before any training. */
  public String initialModel() {
    return child("checkpoints/init/" + BEFORE_PPO);
  }

  public String sftModel() {
    return child("checkpoints/sft/" + BEFORE_PPO);
  }

  public String rewardModel() {
    return child("checkpoints/reward/" + BEFORE_PPO);
  }

  public String metrics() {
    return child("metrics");
  }

  /** Numbers of the evaluation, JSON. */
  public String evaluation() {
    return child("metrics/evaluation.json");
  }

  /** The tuned model. */
  public String policy() {
    return new PpoLayout(root).finalPolicy();
  }

  public String reports() {
    return child("report");
  }

  public String reportPage() {
    return child("report/index.html");
  }

  String child(String name) {
    return new Path(root, name).toString();
  }
}
