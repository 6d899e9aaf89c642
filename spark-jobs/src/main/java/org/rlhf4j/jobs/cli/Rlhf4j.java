package org.rlhf4j.jobs.cli;

import org.apache.spark.SparkUserAppException;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The main class, for spark-submit as well as for the embedded Spark of scripts/rlhf4j. */
@Command(
    name = "rlhf4j",
    description = "Reinforcement learning from human feedback on Spark and Deeplearning4j.",
    versionProvider = Version.class,
    footer = {
      "",
      "Exit codes: 0 done, 1 unexpected failure, 2 wrong usage, 3 bad configuration or input,",
      "4 quality gate failed or training diverged, 5 storage failed, 6 locked by another run,",
      "7 same run with another configuration or input, 143 stopped by a signal."
    })
public final class Rlhf4j {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version of rlhf4j, Java and the system.")
  private boolean version;

  /** The commands, in the order of a project. */
  static CommandLine commandLine() {
    return new CommandLine(new Rlhf4j())
        .addSubcommand("prepare", new PrepareCommand())
        .addSubcommand("quality", new QualityCommand())
        .addSubcommand("tokenizer", new TokenizerCommand())
        .addSubcommand("init", new InitCommand())
        .addSubcommand("sft", new SftCommand())
        .addSubcommand("reward", new RewardCommand())
        .addSubcommand("generate", new GenerateCommand())
        .addSubcommand("score", new ScoreCommand())
        .addSubcommand("advantages", new AdvantagesCommand())
        .addSubcommand("ppo", new PpoCommand())
        .addSubcommand("dpo", new DpoCommand())
        .addSubcommand("label", new LabelCommand())
        .addSubcommand("evaluate", new EvaluateCommand())
        .addSubcommand("pipeline", new PipelineCommand())
        .addSubcommand("demo", new DemoCommand())
        .addSubcommand("report", new ReportCommand())
        .addSubcommand("status", new StatusCommand())
        .addSubcommand("completion", new GenerateCompletion());
  }

  /**
   * Runs one command and ends the process with its exit code.
   *
   * @throws SparkUserAppException instead in a cluster's driver, which Spark must see ending
   */
  public static void main(String[] arguments) throws SparkUserAppException {
    int exitCode = new CommandRunner(System.out, System.err, StopSignal.ofProcess()).run(arguments);
    if (!Sessions.clusterMode()) {
      System.exit(exitCode);
    }
    if (exitCode != 0) {
      throw new SparkUserAppException(exitCode);
    }
  }
}
