package org.rlhf4j.jobs.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.generation.GenerationRequest;
import org.rlhf4j.generation.Generator;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.jobs.rollout.GenerateJob;
import org.rlhf4j.jobs.rollout.PromptDraw;
import org.rlhf4j.jobs.rollout.RolloutModels;
import org.rlhf4j.text.TextEncoder;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import scala.Tuple2;

/** Samples responses to a dataset of prompts, or to one prompt on the terminal. */
@Command(description = "Samples responses to prompts, or to one prompt on the terminal.")
final class GenerateCommand implements JobCommand {
  @Mixin private CommonOptions common;

  @Option(names = "--model", paramLabel = "DIR", required = true, description = "The policy.")
  private String model;

  @ArgGroup(multiplicity = "1")
  private Source source;

  /** Either of the two uses. */
  static final class Source {
    @Option(names = "--prompt", paramLabel = "TEXT", description = "Answer this on the terminal.")
    private String prompt;

    @ArgGroup(exclusive = false)
    private Files files;
  }

  /** Options of the dataset use. */
  static final class Files {
    @Option(
        names = "--input",
        paramLabel = "PATH",
        required = true,
        description = "Prompts: a dataset, or JSON lines with prompt or messages.")
    private String input;

    @Option(
        names = "--output",
        paramLabel = "DIR",
        required = true,
        description = "Dataset rollouts.")
    private String output;

    @Option(names = "--reference", paramLabel = "DIR", description = "Adds ref_logprobs.")
    private String reference;

    @Option(names = "--critic", paramLabel = "DIR", description = "Adds values.")
    private String critic;
  }

  @Override
  public JobResult run(JobContext context) {
    return source.files == null ? answer(context, source.prompt) : generate(context, source.files);
  }

  private JobResult generate(JobContext context, Files files) {
    RolloutModels models = RolloutModels.ofPolicy(model);
    if (files.reference != null) {
      models = models.withReference(files.reference);
    }
    if (files.critic != null) {
      models = models.withCritic(files.critic);
    }
    GenerationConfig generation = context.config().generation();
    JavaRDD<PromptDraw> draws =
        draws(prompts(context, files.input), generation.samplesPerPrompt(), context.spark());
    GenerateJob.Result result =
        new GenerateJob(context.spark(), context.datasets(), generation, context.config().data())
            .execute(draws, models, context.config().seed(), 0, files.output);
    return JobResult.of(result.output()).with("rollouts", result.rollouts());
  }

  private static JavaRDD<Prompt> prompts(JobContext context, String input) {
    Datasets datasets = context.datasets();
    boolean published = datasets.isPublished(input) || datasets.isPublished(input + "/prompts");
    return published
        ? datasets.read(input, Prompt.class)
        : new PlainInput(context.spark()).prompts(input);
  }

  /** A prompt that comes twice is answered twice as often. */
  private static JavaRDD<PromptDraw> draws(
      JavaRDD<Prompt> prompts, int samplesPerPrompt, SparkSession spark) {
    int partitions = Math.max(1, spark.sparkContext().defaultParallelism());
    return prompts
        .mapToPair(
            prompt -> new Tuple2<>(prompt.promptId(), new Tuple2<>(prompt, samplesPerPrompt)))
        .reduceByKey(
            (a, b) -> new Tuple2<>(Prompt.first(a._1(), b._1()), a._2() + b._2()), partitions)
        .flatMap(row -> draws(row._2()._1(), row._2()._2()));
  }

  private static Iterator<PromptDraw> draws(Prompt prompt, int count) {
    return IntStream.range(0, count)
        .mapToObj(sample -> new PromptDraw(prompt.promptId(), prompt.prompt(), sample))
        .iterator();
  }

  private JobResult answer(JobContext context, String text) {
    TextEncoder encoder = ExecutorModels.encoder(model);
    int[] prompt = encoder.promptTokens(List.of(Message.text(text)));
    List<int[]> responses = new ArrayList<>();
    try (Generator generator =
        new Generator(
            ExecutorModels.model(model),
            context.config().generation(),
            ExecutorModels.endTokens(model),
            encoder.tokenizer()::decode,
            Runtime.getRuntime().availableProcessors())) {
      generator.generate(
          List.of(new GenerationRequest(0, prompt, context.config().seed())).iterator(),
          response -> responses.add(response.tokens()));
    }
    int[] tokens = responses.get(0);
    context.show(encoder.tokenizer().decode(tokens));
    return JobResult.of("").with("response_tokens", tokens.length);
  }
}
