package org.rlhf4j.jobs.rollout;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Model directories of one sampling stage, on any Hadoop path. */
public final class RolloutModels implements Serializable {
  private static final long serialVersionUID = 1L;

  private enum Role {
    POLICY,
    REFERENCE,
    CRITIC,
    ACTION_CRITIC,
    REWARD_MODEL
  }

  private final Map<Role, String> directories;

  private RolloutModels(Map<Role, String> directories) {
    this.directories = directories;
  }

  /** The model that samples the responses. */
  public static RolloutModels ofPolicy(String directory) {
    return new RolloutModels(Map.of(Role.POLICY, directory));
  }

  /** The same with a reference policy, which gives {@code ref_logprobs}. */
  public RolloutModels withReference(String directory) {
    return with(Role.REFERENCE, directory);
  }

  /** The same with a critic, which gives {@code values}. */
  public RolloutModels withCritic(String directory) {
    return with(Role.CRITIC, directory);
  }

  /** The same with a critic whose {@code values} are Q: read at each token, not before it. */
  public RolloutModels withActionCritic(String directory) {
    return with(Role.ACTION_CRITIC, directory);
  }

  /** The same with a reward model, which chooses among {@code generation.best-of} responses. */
  public RolloutModels withRewardModel(String directory) {
    return with(Role.REWARD_MODEL, directory);
  }

  public String policy() {
    return directories.get(Role.POLICY);
  }

  public Optional<String> reference() {
    return Optional.ofNullable(directories.get(Role.REFERENCE));
  }

  public Optional<String> critic() {
    return Optional.ofNullable(directories.get(Role.CRITIC));
  }

  public Optional<String> actionCritic() {
    return Optional.ofNullable(directories.get(Role.ACTION_CRITIC));
  }

  public Optional<String> rewardModel() {
    return Optional.ofNullable(directories.get(Role.REWARD_MODEL));
  }

  /** Policy, reference, critic and reward model, as far as they are there. */
  public List<String> directories() {
    return Stream.of(Role.values()).flatMap(r -> Stream.ofNullable(directories.get(r))).toList();
  }

  private RolloutModels with(Role role, String directory) {
    Map<Role, String> extended = new HashMap<>(directories);
    extended.put(role, directory);
    return new RolloutModels(Map.copyOf(extended));
  }
}
