package org.rlhf4j.jobs.ppo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.rlhf4j.config.KlConfig;
import org.rlhf4j.data.dataset.Experience;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.dl4j.TrainingExample;
import org.rlhf4j.generation.GeneratedResponse;
import org.rlhf4j.generation.GenerationRequest;
import org.rlhf4j.rlhf.AdvantageEstimator;
import org.rlhf4j.rlhf.KlController;
import org.rlhf4j.rlhf.KlPenalty;
import org.rlhf4j.rlhf.Moments;
import org.rlhf4j.rlhf.OldPolicyPenalty;
import org.rlhf4j.rlhf.Whitening;
import org.rlhf4j.trust.TrustRegion;

/** The loop of {@link PpoIteration} in one JVM's memory, over an {@link EnumerableTask}. */
final class OptimumRun {
  private final EnumerableTask task;
  private final PpoSettings settings;
  private final OptimumPolicy policy;
  private final OptimumCritic critic;
  private final List<float[]> refLogprobs;
  private double baseline;
  private double oldKlCoefficient;
  private KlController klController;

  /** One sampled response. */
  private record Sample(TokenSequence sequence, int place, float[] logprobs) {}

  OptimumRun(
      EnumerableTask task, PpoSettings settings, OptimumPolicy policy, OptimumCritic critic) {
    this.task = task;
    this.settings = settings;
    this.policy = policy;
    this.refLogprobs = policy.logprobs(task.sequences());
    this.oldKlCoefficient = settings.objective().oldKlCoefficient();
    this.critic = critic;
    this.klController = KlController.of(settings.kl());
  }

  /** Runs all iterations; the share of what can be gained over the reference that was gained. */
  double run() {
    for (int iteration = 0; iteration < settings.ppo().iterations(); iteration++) {
      iterate(iteration);
    }
    return attained();
  }

  /** Runs all iterations; the KL to the reference after each, summed up exactly, nats. */
  List<Double> klByIteration() {
    List<Double> trace = new ArrayList<>();
    double[] reference = ofResponses(refLogprobs);
    for (int iteration = 0; iteration < settings.ppo().iterations(); iteration++) {
      iterate(iteration);
      double[] now = ofResponses(policy.logprobs(task.sequences()));
      trace.add(task.value(now, reference, 0) - task.value(now, reference, 1));
    }
    return trace;
  }

  /** (value - value of the reference) / (optimum - value of the reference). */
  double attained() {
    double beta = settings.kl().coefficient();
    double[] reference = ofResponses(refLogprobs);
    double start = task.value(reference, reference, beta);
    double value = task.value(ofResponses(policy.logprobs(task.sequences())), reference, beta);
    return (value - start) / (task.optimum(reference, beta) - start);
  }

  private void iterate(int iteration) {
    List<Sample> samples = sample(iteration);
    List<Experience> experience = experience(samples, iteration);
    PolicyLabels labels =
        PolicyLabels.of(
            settings,
            new PpoState(
                iteration,
                (long) iteration * settings.policyEpochs(),
                klController.coefficient(),
                baseline,
                oldKlCoefficient,
                ""));
    List<TrainingExample> policyRows = new ArrayList<>();
    List<TrainingExample> criticRows = new ArrayList<>();
    for (Experience row : experience) {
      policyRows.add(ExperienceExamples.forPolicy(row, labels));
      criticRows.add(
          settings.advantageSettings().judgesActions()
              ? ExperienceExamples.forActionCritic(row)
              : ExperienceExamples.forCritic(row));
    }
    for (int epoch = 0; epoch < settings.optimizer().epochs(); epoch++) {
      if (epoch < settings.policyEpochs()) {
        updatePolicy(policyRows, iteration * 31L + epoch);
      }
      if (settings.hasCritic()) {
        fit(critic::fit, criticRows, iteration * 31L + epoch);
      }
    }
    adaptOldKl(samples);
    klController = klController.update(sampledKl(samples), samples.size());
  }

  /** Nats per response, as it is measured in a run. */
  private double sampledKl(List<Sample> samples) {
    return samples.stream()
        .mapToDouble(s -> KlPenalty.ofResponse(s.logprobs(), refLogprobs.get(s.place())))
        .average()
        .orElseThrow();
  }

  private void updatePolicy(List<TrainingExample> rows, long seed) {
    if (settings.hasTrustRegion()) {
      TrustRegion.Outcome outcome =
          settings.trustRegionStep().step(new OptimumTrustRegion(policy, rows));
      if (outcome.after().kl() > settings.trustRegion().radius()) {
        throw new IllegalStateException("A step left the trust region: " + outcome);
      }
    } else {
      fit(policy::fit, rows, seed);
    }
  }

  private List<Sample> sample(int iteration) {
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < settings.ppo().responsesPerIteration(); i++) {
      long key = settings.seed() * 1_000_003 + iteration * 10_007L + i;
      requests.add(new GenerationRequest(i, EnumerableTask.prompt(i), key * 0x9E3779B97F4A7C15L));
    }
    List<GeneratedResponse> responses = policy.sample(requests);
    List<Sample> samples = new ArrayList<>();
    for (GeneratedResponse response : responses) {
      TokenSequence sequence =
          new TokenSequence(requests.get(response.index()).promptTokens(), response.tokens());
      samples.add(new Sample(sequence, task.place(sequence), response.logprobs()));
    }
    return samples;
  }

  private List<Experience> experience(List<Sample> samples, int iteration) {
    Shaping shaping = new Shaping();
    List<TokenSequence> sequences = samples.stream().map(Sample::sequence).toList();
    List<float[]> values =
        settings.hasCritic()
            ? criticValues(sequences)
            : samples.stream().map(s -> new float[s.logprobs().length]).toList();
    List<float[]> rewards = samples.stream().map(shaping::rewards).toList();
    Map<Integer, Moments> groups = new HashMap<>();
    for (int i = 0; i < samples.size(); i++) {
      Moments total = Moments.of(AdvantageEstimator.total(rewards.get(i)));
      groups.merge(samples.get(i).sequence().prompt()[0], total, Moments::merge);
    }
    AdvantageEstimator estimator = settings.advantageSettings().estimator(baseline);
    Moments all = Moments.NONE;
    Moments returns = Moments.NONE;
    List<AdvantageEstimator.Estimate> estimates = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      Moments group = groups.get(samples.get(i).sequence().prompt()[0]);
      AdvantageEstimator.Estimate estimate =
          estimator.estimate(rewards.get(i), values.get(i), group);
      estimates.add(estimate);
      all = all.merge(Moments.of(estimate.advantages()));
      returns = returns.merge(Moments.of(estimate.returns()));
    }
    if (settings.advantageSettings().hasBaseline()) {
      double decay = settings.advantages().baselineDecay();
      baseline = iteration == 0 ? returns.mean() : decay * baseline + (1 - decay) * returns.mean();
    }
    boolean whitens =
        settings.advantages().whiten() && estimator.needs() != AdvantageEstimator.Needs.GROUP;
    List<Experience> experience = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      Sample sample = samples.get(i);
      float[] advantages = estimates.get(i).advantages();
      experience.add(
          new Experience(
              String.valueOf(i),
              sample.sequence().prompt(),
              sample.sequence().response(),
              sample.logprobs(),
              values.get(i),
              shaping.kl(sample),
              rewards.get(i),
              whitens ? Whitening.whiten(advantages, all) : advantages,
              estimates.get(i).returns(),
              Optional.of(refLogprobs.get(sample.place()))));
    }
    return experience;
  }

  private List<float[]> criticValues(List<TokenSequence> sequences) {
    return settings.advantageSettings().judgesActions()
        ? critic.actionValues(sequences)
        : critic.values(sequences);
  }

  /** As ExperienceBuilder shapes rewards. */
  private final class Shaping {
    float[] kl(Sample sample) {
      return KlPenalty.toReference(
          sample.logprobs(), refLogprobs.get(sample.place()), settings.kl().estimator());
    }

    float[] rewards(Sample sample) {
      boolean isReward = settings.kl().place() == KlConfig.Place.REWARD;
      double coefficient = isReward ? klController.coefficient() : 0;
      return KlPenalty.shapeRewards(task.score(sample.place()), kl(sample), coefficient);
    }
  }

  private void fit(Consumer<List<TrainingExample>> learner, List<TrainingExample> rows, long seed) {
    List<TrainingExample> order = new ArrayList<>(rows);
    Collections.shuffle(order, new Random(seed));
    int size = settings.minibatchSize();
    for (int from = 0; from < order.size(); from += size) {
      learner.accept(order.subList(from, Math.min(order.size(), from + size)));
    }
  }

  private void adaptOldKl(List<Sample> samples) {
    if (settings.penalisesOldKl()) {
      List<float[]> updated = policy.logprobs(samples.stream().map(Sample::sequence).toList());
      double kl = 0;
      long tokens = 0;
      for (int i = 0; i < samples.size(); i++) {
        for (int t = 0; t < updated.get(i).length; t++) {
          double logRatio = (double) updated.get(i)[t] - samples.get(i).logprobs()[t];
          kl += Math.expm1(logRatio) - logRatio;
          tokens++;
        }
      }
      oldKlCoefficient =
          new OldPolicyPenalty(oldKlCoefficient, settings.objective().oldKlTarget())
              .update(kl / tokens)
              .coefficient();
    }
  }

  private static double[] ofResponses(List<float[]> tokens) {
    return tokens.stream().mapToDouble(AdvantageEstimator::total).toArray();
  }
}
