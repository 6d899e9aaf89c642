package org.rlhf4j.jobs.pipeline;

import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.dataset.Datasets;
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

  /** Preferences as pipeline.judge labelled them. */
  static final String LABELLED = "labelled/preferences";

  private static final String SCREENED = "screened/preferences";
  private static final String PREFERENCES = "preferences";

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

  /**
   * What reward model and policy learn from: pairs as the judge labelled them, or as
   * quality.screening left them, or as they are.
   */
  String trainingPreferences(Datasets datasets) {
    return Stream.of(LABELLED, SCREENED)
        .map(this::dataset)
        .filter(datasets::isPublished)
        .findFirst()
        .orElseGet(() -> dataset(PREFERENCES));
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
