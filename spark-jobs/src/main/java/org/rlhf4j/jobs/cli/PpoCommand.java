package org.rlhf4j.jobs.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.rlhf4j.hub.AdapterDirectory;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.checkpoint.CheckpointStore;
import org.rlhf4j.jobs.checkpoint.LocalDirectory;
import org.rlhf4j.jobs.pipeline.PpoWork;
import org.rlhf4j.jobs.pipeline.RewardJudges;
import org.rlhf4j.jobs.ppo.CriticStart;
import org.rlhf4j.jobs.ppo.PpoJob;
import org.rlhf4j.jobs.ppo.PpoLayout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tunes a policy against a reward model, on-policy. */
@Command(description = "Tunes a policy against a reward model, on-policy.")
final class PpoCommand implements JobCommand {
  /** Beside the model: datasets and checkpoints, from which a stopped command continues. */
  private static final String WORK = ".ppo";

  private static final String MANIFEST = "manifest.json";

  @Mixin private CommonOptions common;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Starting policy, also the reference.")
  private String model;

  @Option(
      names = "--reward-model",
      paramLabel = "DIR",
      description =
          "Scores the responses, also the critic's start. May be left out with score.judge: the"
              + " critic then starts from the policy.")
  private String rewardModel;

  @Option(names = "--input", paramLabel = "PATH", required = true, description = "Prompts.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Directory of the tuned policy; DIR.ppo holds what it was made from.")
  private String output;

  @Override
  public Optional<String> writes() {
    return Optional.of(output);
  }

  @Override
  public JobResult run(JobContext context) {
    CheckpointStore store = new CheckpointStore();
    PpoLayout layout = new PpoLayout(beside(output));
    Optional<String> scorer =
        rewardModel == null ? criticStart(context, store, layout) : Optional.of(rewardModel);
    String pretraining = context.config().ppoPretraining().input();
    PpoJob.Inputs inputs =
        new PpoJob.Inputs(
            model,
            scorer,
            input,
            pretraining.isEmpty() ? Optional.empty() : Optional.of(pretraining));
    new PpoWork(context.storage(), layout.root()).begin(context.runConfig(), inputs);
    PpoJob.Result result =
        new PpoJob(context.spark(), context.datasets(), store, context.runConfig().ppoSettings())
            .scoredBy(RewardJudges.of(context.spark(), context.datasets(), context.config()))
            .execute(inputs, layout);
    try (LocalDirectory policy = LocalDirectory.of(result.policy())) {
      store.publish(output, directory -> copy(policy.path(), result.metrics(), directory));
    }
    return JobResult.of(output)
        .with("iterations", result.iterations())
        .with("resumed_after", result.resumedAfter())
        .with("prompts_quarantined", result.promptsQuarantined())
        .with("work", layout.root());
  }

  private Optional<String> criticStart(
      JobContext context, CheckpointStore store, PpoLayout layout) {
    if (!context.config().scoreJudge().isUsed()) {
      throw new JobException(
          ExitCode.USAGE,
          "Nothing scores the responses; name a reward model with --reward-model or a judge with"
              + " --set score.judge=DIR");
    }
    return CriticStart.of(store, model, layout, context.runConfig().ppoSettings());
  }

  /** The directory beside the output, also where that ends with a slash. */
  static String beside(String output) {
    return new org.apache.hadoop.fs.Path(output) + WORK;
  }

  private static void copy(Path policy, List<String> metrics, Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(policy)) {
      for (Path file : files) {
        if (Files.isRegularFile(file) && !file.endsWith(MANIFEST)) {
          Files.copy(file, directory.resolve(file.getFileName()));
        }
      }
    }
    AdapterDirectory.copy(policy, directory);
    Path metricsFile = directory.resolve("metrics/ppo.jsonl");
    Files.createDirectories(metricsFile.getParent());
    Files.write(metricsFile, metrics);
  }
}
