package org.rlhf4j.metrics;

import java.util.Optional;
import java.util.stream.Stream;

/** Every number a run reports, declared once; {@code docs/metrics.md} is made from it. */
public enum Metric {
  LOSS("loss", "depends on the objective", "Loss of the step's minibatch before its update"),
  LEARNING_RATE("learning-rate", "per step", "Learning rate the step was taken with"),
  GRADIENT_NORM(
      "gradient-norm",
      "loss per parameter unit",
      "Global L2 norm of the gradient before clipping; a jump announces divergence"),
  TOKENS_PER_SECOND(
      "tokens-per-second", "tokens/s", "Tokens of the step's sequences by its wall time"),
  AVERAGING_BROADCAST(
      "averaging/broadcast",
      "s per round",
      "With more than one trainer.workers, on the last step of each round (ppo: mean over the iteration's rounds):"
          + " wall time in which the driver packs weights and updater state"),
  AVERAGING_SET(
      "averaging/set",
      "s per round",
      "Until the slowest worker's network held them; long in the first round, which builds it"),
  AVERAGING_SERIALISE(
      "averaging/serialise",
      "s per round",
      "Until the slowest worker had checked and packed what it brings back"),
  AVERAGING_AGGREGATE(
      "averaging/aggregate", "s per round", "Until the driver's network held the average"),
  AVERAGING_COST(
      "averaging/cost",
      "s per round",
      "All of a round but the slowest worker's steps: the four above, and Spark's own time for tasks, results and minibatches"),
  AVERAGING_ROUND("averaging/round", "s per round", "Wall time of a round, steps included"),
  AVERAGING_SHARE(
      "averaging/share",
      "fraction",
      "averaging/cost by averaging/round; above 0.1 raise trainer.averaging-frequency, train adapters (lora.rank) or use fewer workers"),
  ACCURACY(
      "accuracy",
      "fraction",
      "Share of pairs whose chosen response is scored higher; a tie counts one half"),
  MARGIN("margin", "score", "Mean over pairs of the chosen minus the rejected response's score"),
  RATING_ERROR("rating/error", "grade", "Root of the mean squared difference of score and grade"),
  RATING_CORRELATION(
      "rating/correlation",
      "correlation",
      "Pearson's correlation of score and grade; near 0 only the mean is learned"),
  REFERENCE_MEAN(
      "reference/mean",
      "score",
      "Mean score of the reference responses before the model's scores are normalised"),
  REFERENCE_DEVIATION(
      "reference/deviation",
      "score",
      "Standard deviation of the same scores; far from 1 a KL coefficient of another model does not fit"),
  CALIBRATION_ERROR(
      "calibration-error",
      "fraction",
      "Expected distance between predicted and observed preference, over equal bins of confidence"),
  KL_TO_REFERENCE(
      "objective/kl",
      "nats per response",
      "Sum over tokens of log pi - log pi_ref, mean over responses; runaway growth means reward hacking"),
  SCORE("objective/score", "score", "Mean over responses of the score after penalties"),
  SCORE_DEVIATION(
      "objective/score-deviation",
      "score",
      "Standard deviation between the members of an ensemble (score.ensemble), mean over responses; growing,"
          + " the policy finds what the members do not agree on"),
  GOLD_SCORE(
      "objective/gold-score",
      "gold score",
      "Mean over responses of the judge that no training saw (evaluate.gold); falling while objective/score rises is over-optimisation"),
  REWARD(
      "objective/reward",
      "score",
      "Mean over responses of the summed per-token rewards: score minus the KL penalty; what PPO maximises"),
  ENTROPY(
      "objective/entropy",
      "nats per response",
      "Mean over responses of minus the summed log-probabilities of the sampled tokens; 0 is a policy that always says the same"),
  RESPONSE_LENGTH(
      "objective/response-length", "tokens", "Mean length of a response, end token included"),
  POLICY_LOSS(
      "policy/loss",
      "whitened advantage",
      "Loss of the policy objective without entropy bonus and KL in the loss, mean over the iteration's gradient steps; of online-dpo the preference loss"),
  PRETRAINING_LOSS(
      "policy/pretraining-loss",
      "nats per token",
      "Negative log-likelihood of the iteration's pretraining rows (ppo.pretraining-coefficient), mean over gradient steps;"
          + " rising, the policy forgets: raise the coefficient"),
  APPROX_KL(
      "policy/approx-kl",
      "nats per token",
      "Old against updated policy inside one iteration, last epoch; not objective/kl"),
  OLD_KL(
      "policy/old-kl",
      "nats per token",
      "KL from the policy that sampled to the one after the iteration's update, over all of its tokens;"
          + " ppo-kl steers it to ppo.old-kl-target, trpo keeps it within ppo.trust-region"),
  OLD_KL_COEFFICIENT(
      "policy/old-kl-coefficient",
      "advantage per nat",
      "ppo-kl: weight of the KL to the policy that sampled; growing without end says that the steps are too large"),
  STEP_SHARE(
      "policy/step-share",
      "fraction",
      "trpo: share of the full step that the line search took; 0 is no step, often 0 says that ppo.trust-region is too large for the model of the KL"),
  CLIP_FRACTION(
      "policy/clip-fraction", "fraction", "Share of tokens whose ratio left the clip range"),
  POLICY_ENTROPY(
      "policy/entropy",
      "nats per token",
      "Entropy of the policy's distribution over the vocabulary, mean over response tokens and gradient steps; near 0 it no longer explores"),
  ENTROPY_COEFFICIENT(
      "policy/entropy-coefficient",
      "advantage per nat",
      "Weight of the entropy bonus in this iteration's loss, where there is one"),
  RATIO_MAX(
      "policy/ratio-max",
      "ratio",
      "Largest ratio of updated to old probability of a sampled token in the iteration"),
  RATIO_DEVIATION(
      "policy/ratio-deviation",
      "ratio",
      "Largest |ratio - 1| in the iteration's first minibatch: generator and learner must agree, at most 1e-4"),
  POLICY_EPOCHS(
      "policy/epochs", "epochs", "Passes over the experience before ppo.target-kl stopped them"),
  VALUE_LOSS(
      "value/loss",
      "score squared",
      "Clipped value loss, mean over the iteration's gradient steps"),
  VALUE_CLIP_FRACTION(
      "value/clip-fraction", "fraction", "Share of tokens whose value left the value clip range"),
  EXPLAINED_VARIANCE(
      "value/explained-variance",
      "at most 1",
      "1 - Var(return - value) / Var(return) of the critic that saw the rollouts; near 0 is an untrained critic"),
  BASELINE(
      "advantages/baseline",
      "score",
      "What reward-to-go subtracted in this iteration; far from objective/reward it lags behind"),
  KL_COEFFICIENT(
      "kl/coefficient",
      "score per nat",
      "Weight of the KL penalty in this iteration's rewards or loss"),
  GENERATE_SECONDS("seconds/generate", "s", "Wall time of sampling and of reference and critic"),
  SCORE_SECONDS("seconds/score", "s", "Wall time of scoring"),
  ADVANTAGES_SECONDS("seconds/advantages", "s", "Wall time of rewards, advantages and returns"),
  UPDATE_SECONDS("seconds/update", "s", "Wall time of the policy's and the critic's updates"),

  ITERATION_SECONDS("seconds/iteration", "s", "Wall time of the whole iteration"),
  REWARDS_CHOSEN(
      "rewards/chosen",
      "score",
      "Implicit reward of the preferred responses: beta times the log-ratio to the reference, of simpo and orpo beta times the mean log-probability"),
  REWARDS_REJECTED("rewards/rejected", "score", "The same of the other responses"),
  REWARDS_MARGIN(
      "rewards/margin",
      "score",
      "rewards/chosen minus rewards/rejected; near 0 nothing is learned, without bound beta is too low"),
  LOGPROBS_CHOSEN(
      "logprobs/chosen",
      "nats per response",
      "Mean over the preferred responses of the summed log-probability; a long fall moves the policy away from both sides"),
  LOGPROBS_REJECTED("logprobs/rejected", "nats per response", "The same over the other responses"),
  REFERENCE_POINT(
      "kto/reference-point",
      "nats per response",
      "KTO: KL to the reference as estimated from responses to other prompts, at least 0");

  /** Names on the validation split begin with it. */
  public static final String VALIDATION = "validation/";

  private final String key;
  private final String unit;
  private final String meaning;

  Metric(String key, String unit, String meaning) {
    this.key = key;
    this.unit = unit;
    this.meaning = meaning;
  }

  /** The metric of that name, on the validation split too, if there is one. */
  public static Optional<Metric> named(String key) {
    String name = key.startsWith(VALIDATION) ? key.substring(VALIDATION.length()) : key;
    return Stream.of(values())
        .filter(metric -> metric.key.equals(key) || metric.key.equals(name))
        .findFirst();
  }

  /** Name in metrics files. */
  public String key() {
    return key;
  }

  public String unit() {
    return unit;
  }

  /** One sentence, with the sign of trouble where there is one. */
  public String meaning() {
    return meaning;
  }
}
