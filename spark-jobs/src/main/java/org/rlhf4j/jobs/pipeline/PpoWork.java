package org.rlhf4j.jobs.pipeline;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.config.JudgeRewardConfig;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.DirectoryIdentity;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.ppo.PpoJob;
import org.rlhf4j.jobs.ppo.PpoLayout;

/**
 * The directory in which the command ppo keeps its work: it goes on only with the settings, models
 * and prompts it was begun with, as a run directory does.
 */
public final class PpoWork {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Storage storage;
  private final String directory;

  public PpoWork(Storage storage, String directory) {
    this.storage = storage;
    this.directory = directory;
  }

  /**
   * Begins, or checks what was begun. Writes nothing if something is wrong. A run that ended before
   * its first rollouts, as one with a wrong setting does, may be begun anew with other settings.
   *
   * @throws JobException if an input is missing (bad input), or is another than before (mismatch)
   */
  public void begin(RunConfig config, PpoJob.Inputs inputs) {
    Path settings = new Path(directory, "config.yaml");
    Map<String, String> identities = new TreeMap<>();
    identities.put("--model", DirectoryIdentity.of(inputs.policy()));
    inputs
        .rewardModel()
        .ifPresent(model -> identities.put("--reward-model", DirectoryIdentity.of(model)));
    identities.put("--input", InputFingerprint.of(List.of(inputs.prompts())));
    inputs
        .pretraining()
        .ifPresent(
            rows -> identities.put("ppo.pretraining-input", InputFingerprint.of(List.of(rows))));
    List<String> others = config.rlhf().scoreEnsemble().others();
    if (!others.isEmpty()) {
      identities.put(
          "score.ensemble", others.stream().map(DirectoryIdentity::of).collect(joining(" ")));
    }
    JudgeRewardConfig judge = config.rlhf().scoreJudge();
    if (judge.isUsed() && !judge.isEndpoint()) {
      identities.put("score.judge", DirectoryIdentity.of(judge.judge()));
    }
    if (hasRollouts()) {
      SameSettings.check(storage, settings, directory, config);
      checkSameInputs(identities);
    }
    storage.replaceText(inputsFile(), write(identities));
    storage.replaceText(settings, RunConfig.format().write(config));
  }

  private boolean hasRollouts() {
    PpoLayout layout = new PpoLayout(directory);
    return storage.exists(new Path(layout.rollouts(1)))
        || storage.exists(new Path(layout.policyCheckpoints()));
  }

  private void checkSameInputs(Map<String, String> identities) {
    if (!storage.exists(inputsFile())) {
      return;
    }
    Map<String, String> begun = read();
    identities.forEach(
        (option, identity) -> {
          if (!identity.equals(begun.get(option))) {
            throw new JobException(
                ExitCode.RUN_MISMATCH,
                String.format(
                    "%s was begun with another %s; use that one or another --output",
                    directory, option));
          }
        });
  }

  private Map<String, String> read() {
    try {
      return JSON.readValue(storage.readText(inputsFile()), new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw JobException.badInput(
          "%s is not what ppo wrote there; use another --output", inputsFile());
    }
  }

  private static String write(Map<String, String> identities) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(identities) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path inputsFile() {
    return new Path(directory, "inputs.json");
  }
}
