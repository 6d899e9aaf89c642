package org.rlhf4j.jobs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rlhf4j.config.ConfigFormat;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.pipeline.RunConfig;
import picocli.CommandLine.Option;

/** Options that every command has. */
final class CommonOptions {
  /** How much a person wants to see while a job runs. */
  enum Progress {
    BAR,
    LINES,
    NONE
  }

  private static final String DEBUG_ON = "log.debug=true";

  @Option(
      names = "--config",
      paramLabel = "FILE.yaml",
      description = "Settings; see docs/configuration.md.")
  private String configFile;

  @Option(
      names = "--set",
      paramLabel = "key.path=value",
      description = "One setting; repeatable, wins over the file.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--seed", paramLabel = "N", description = "Short for --set seed=N.")
  private Long seed;

  @Option(
      names = "--output-format",
      paramLabel = "parquet|jsonl",
      description = "Format of the datasets written (default: ${DEFAULT-VALUE}).",
      defaultValue = "parquet")
  private Datasets.OutputFormat outputFormat;

  @Option(names = "--quiet", description = "Print nothing but the result and an error.")
  private boolean quiet;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  /**
   * @throws org.rlhf4j.config.ConfigException for settings that cannot be used
   * @throws org.rlhf4j.jobs.JobException for a file that cannot be read
   */
  RunConfig readConfig() {
    return readConfig(Optional.empty());
  }

  /**
   * @param fallback file to read where {@code --config} names none
   */
  RunConfig readConfig(Optional<ConfigFormat.Source> fallback) {
    List<String> all = new ArrayList<>(overrides);
    if (seed != null) {
      all.add("seed=" + seed);
    }
    Optional<ConfigFormat.Source> source =
        configFile == null ? fallback : Optional.of(ConfigFile.read(configFile));
    return RunConfig.format().read(source, all);
  }

  Datasets.OutputFormat outputFormat() {
    return outputFormat;
  }

  boolean quiet() {
    return quiet;
  }

  /** Known even where the settings cannot be read. */
  boolean debug() {
    return overrides.contains(DEBUG_ON);
  }

  Progress progress() {
    if (quiet) {
      return Progress.NONE;
    }
    return System.console() == null ? Progress.LINES : Progress.BAR;
  }
}
