package org.rlhf4j.jobs.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.data.dataset.Rollout;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.generation.GeneratedResponse;
import org.rlhf4j.generation.GenerationRequest;
import org.rlhf4j.generation.Generator;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.text.TextEncoder;

/**
 * Samples the rollouts of one task: respond with the policy, then ask the reference and the critic
 * about every token. Weights are shared with the JVM's other tasks, activations are its own.
 */
final class RolloutSampler implements AutoCloseable {
  /** Tokens that reference and critic evaluate together. */
  private static final int EVALUATION_BATCH_TOKENS = 8192;

  private final RolloutPlan plan;
  private final TextEncoder encoder;
  private final PromptLimit promptLimit;
  private final Generator generator;
  private final Optional<BestOf> choice;
  private final Optional<SequenceEvaluator> reference;
  private final Optional<SequenceEvaluator> critic;
  private final Optional<SequenceEvaluator> actionCritic;
  private final float valueOffset;

  RolloutSampler(RolloutPlan plan) {
    this.plan = plan;
    GenerationConfig generation = plan.generation();
    String policyDirectory = plan.models().policy();
    this.encoder = ExecutorModels.encoder(policyDirectory);
    this.promptLimit = PromptLimit.of(plan.data(), plan.models(), generation.maxNewTokens());
    this.generator =
        new Generator(
            ExecutorModels.packedModel(policyDirectory),
            generation,
            ExecutorModels.endTokens(policyDirectory),
            encoder.tokenizer()::decode,
            plan.threads());
    this.choice =
        plan.models()
            .rewardModel()
            .map(dir -> new ResponseScorer(dir, plan.score(), plan.threads(), plan.cut()))
            .map(scorer -> new BestOf(generation.bestOf(), scorer));
    this.reference = plan.models().reference().map(this::evaluator);
    this.critic = plan.models().critic().map(this::evaluator);
    this.actionCritic = plan.models().actionCritic().map(this::evaluator);
    this.valueOffset =
        plan.models()
            .critic()
            .or(() -> plan.models().actionCritic())
            .map(directory -> (float) ExecutorModels.scoreOffset(directory))
            .orElse(0f);
  }

  /** One rollout for each draw whose prompt is not too long, in the order of the draws. */
  List<Rollout> sample(List<PromptDraw> draws) {
    List<Sampled> sampled =
        choice.map(c -> c.best(respond(c.candidates(draws)))).orElseGet(() -> respond(draws));
    ChunkedIterator.stopIfCancelled();
    List<TokenSequence> sequences = sampled.stream().map(Sampled::sequence).toList();
    Optional<List<float[]>> refLogprobs =
        reference.map(r -> r.responseLogprobs(sequences, plan.generation().temperature()));
    Optional<List<float[]>> values =
        critic
            .map(c -> c.values(sequences))
            .or(() -> actionCritic.map(c -> c.actionValues(sequences)));
    values.ifPresent(this::addOffset);

    List<Rollout> rollouts = new ArrayList<>(sampled.size());
    for (int i = 0; i < sampled.size(); i++) {
      int row = i;
      rollouts.add(
          rollout(
              sampled.get(i),
              refLogprobs.map(all -> all.get(row)),
              values.map(all -> all.get(row))));
    }
    return rollouts;
  }

  private void addOffset(List<float[]> values) {
    for (float[] ofResponse : values) {
      for (int t = 0; t < ofResponse.length; t++) {
        ofResponse[t] += valueOffset;
      }
    }
  }

  private List<Sampled> respond(List<PromptDraw> draws) {
    List<GenerationRequest> requests = requests(draws);
    GeneratedResponse[] responses = new GeneratedResponse[draws.size()];
    generator.generate(requests.iterator(), response -> responses[response.index()] = response);
    return requests.stream()
        .map(request -> sampled(draws.get(request.index()), request, responses[request.index()]))
        .toList();
  }

  private Sampled sampled(PromptDraw draw, GenerationRequest request, GeneratedResponse response) {
    return new Sampled(
        draw,
        key(draw).id(),
        promptText(draw, request.promptTokens()),
        encoder.tokenizer().decode(response.tokens()),
        request,
        response);
  }

  private List<GenerationRequest> requests(List<PromptDraw> draws) {
    List<GenerationRequest> requests = new ArrayList<>(draws.size());
    for (int i = 0; i < draws.size(); i++) {
      int index = i;
      PromptDraw draw = draws.get(i);
      promptLimit
          .apply(encoder.promptTokens(draw.prompt()))
          .ifPresent(
              tokens -> requests.add(new GenerationRequest(index, tokens, key(draw).seed())));
    }
    return requests;
  }

  private Rollout rollout(
      Sampled sampled, Optional<float[]> refLogprobs, Optional<float[]> values) {
    GeneratedResponse response = sampled.response();
    return new Rollout(
        sampled.id(),
        sampled.draw().promptId(),
        sampled.promptText(),
        sampled.responseText(),
        sampled.request().promptTokens(),
        response.tokens(),
        response.logprobs(),
        refLogprobs,
        values,
        response.finishReason(),
        sampled.request().seed());
  }

  /** The text that the policy saw, also where the prompt was cut. */
  private String promptText(PromptDraw draw, int[] promptTokens) {
    boolean whole = encoder.promptTokens(draw.prompt()).length == promptTokens.length;
    return whole ? encoder.promptText(draw.prompt()) : encoder.promptText(promptTokens);
  }

  private RolloutKey key(PromptDraw draw) {
    return RolloutKey.of(plan.seed(), plan.iteration(), draw.promptId(), draw.sampleIndex());
  }

  private SequenceEvaluator evaluator(String directory) {
    return new SequenceEvaluator(
        ExecutorModels.model(directory), EVALUATION_BATCH_TOKENS, plan.threads());
  }

  @Override
  public void close() {
    generator.close();
    choice.ifPresent(BestOf::close);
    reference.ifPresent(SequenceEvaluator::close);
    critic.ifPresent(SequenceEvaluator::close);
    actionCritic.ifPresent(SequenceEvaluator::close);
  }
}
