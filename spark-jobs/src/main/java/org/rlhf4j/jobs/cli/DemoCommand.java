package org.rlhf4j.jobs.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.rlhf4j.config.ConfigFormat;
import org.rlhf4j.jobs.pipeline.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the pipeline on generated data with a known gold reward. */
@Command(description = "Runs the pipeline on generated data with a known gold reward.")
final class DemoCommand implements JobCommand {
  private static final String CONFIG = "/conf/demo.yaml";

  @Mixin private CommonOptions common;

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      defaultValue = "runs/demo",
      description = "Directory of the run (default: ${DEFAULT-VALUE}).")
  private String runDirectory;

  @Override
  public Optional<ConfigFormat.Source> defaultConfig() {
    try (InputStream file = DemoCommand.class.getResourceAsStream(CONFIG)) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return Optional.of(new ConfigFormat.Source("conf/demo.yaml", text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<String> output() {
    return Optional.of(runDirectory);
  }

  @Override
  public JobResult run(JobContext context) {
    JobResult result = Runs.execute(context, new RunDirectory(runDirectory));
    context.show(DemoSummary.of(result));
    return result;
  }
}
