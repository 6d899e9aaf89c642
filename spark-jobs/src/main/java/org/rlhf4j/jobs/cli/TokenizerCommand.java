package org.rlhf4j.jobs.cli;

import java.util.List;
import java.util.Optional;
import org.rlhf4j.jobs.tokenizer.TrainTokenizerJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a byte-level BPE tokenizer. */
@Command(description = "Trains a byte-level BPE tokenizer.")
final class TokenizerCommand implements JobCommand {
  @Mixin private CommonOptions common;

  @Option(
      names = "--input",
      paramLabel = "PATH",
      required = true,
      description = "Datasets or JSON lines with texts; repeatable.")
  private List<String> inputs;

  @Option(
      names = "--vocab-size",
      paramLabel = "N",
      description = "Short for --set tokenizer.vocab-size=N.")
  private Integer vocabularySize;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Directory of the tokenizer.")
  private String output;

  @Override
  public Optional<String> writes() {
    return Optional.of(output);
  }

  @Override
  public JobResult run(JobContext context) {
    int size = vocabularySize == null ? context.config().tokenizer().vocabSize() : vocabularySize;
    TrainTokenizerJob.Result result =
        new TrainTokenizerJob(context.spark()).execute(inputs, size, output);
    return JobResult.of(result.output())
        .with("vocabulary_size", result.vocabularySize())
        .with("merges", result.merges())
        .with("words", result.words());
  }
}
