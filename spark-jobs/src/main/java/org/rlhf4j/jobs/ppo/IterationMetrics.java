package org.rlhf4j.jobs.ppo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.rlhf4j.jobs.rollout.IterationStatistics;
import org.rlhf4j.jobs.train.RoundCost;
import org.rlhf4j.metrics.Metric;

/** One line of {@code metrics/ppo.jsonl}. */
record IterationMetrics(long iteration, Map<Metric, Double> values) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @param state before the iteration
   */
  static IterationMetrics of(
      PpoSettings settings,
      PpoState state,
      IterationStatistics statistics,
      UpdateModels.Update update,
      Map<Metric, Double> seconds) {
    Map<Metric, Double> values = new LinkedHashMap<>();
    values.put(Metric.KL_TO_REFERENCE, statistics.kl().mean());
    values.put(Metric.SCORE, statistics.score().mean());
    if (settings.ensemble().isUsed()) {
      values.put(Metric.SCORE_DEVIATION, statistics.deviation().mean());
    }
    values.put(Metric.REWARD, statistics.reward().mean());
    values.put(Metric.ENTROPY, statistics.entropy().mean());
    values.put(Metric.RESPONSE_LENGTH, statistics.length().mean());
    values.putAll(
        settings.prefersPairs()
            ? ofPairs(update.policy())
            : ofTokens(settings, state, update.policy()));
    values.put(Metric.POLICY_EPOCHS, (double) update.policy().epochs());
    update.oldKl().ifPresent(kl -> values.put(Metric.OLD_KL, kl));
    if (settings.hasTrustRegion()) {
      values.put(Metric.STEP_SHARE, update.policy().mean(Metric.STEP_SHARE));
    }
    if (settings.penalisesOldKl()) {
      values.put(Metric.OLD_KL_COEFFICIENT, state.oldKlCoefficient());
    }
    if (settings.hasCritic()) {
      UpdateStatistics critic = update.critic();
      values.put(Metric.VALUE_LOSS, critic.mean(Metric.VALUE_LOSS));
      values.put(Metric.VALUE_CLIP_FRACTION, critic.mean(Metric.VALUE_CLIP_FRACTION));
      values.put(Metric.EXPLAINED_VARIANCE, statistics.explainedVariance());
    }
    if (settings.advantageSettings().hasBaseline()) {
      values.put(Metric.BASELINE, state.baseline());
    }
    values.put(Metric.KL_COEFFICIENT, state.klCoefficient());
    values.putAll(seconds);
    values.putAll(RoundCost.mean(update.steps()));
    return new IterationMetrics(state.iteration() + 1, values);
  }

  private static Map<Metric, Double> ofTokens(
      PpoSettings settings, PpoState state, UpdateStatistics policy) {
    Map<Metric, Double> values = new LinkedHashMap<>();
    values.put(Metric.POLICY_LOSS, policy.mean(Metric.POLICY_LOSS));
    if (settings.pretraining().isUsed()) {
      values.put(Metric.PRETRAINING_LOSS, policy.mean(Metric.PRETRAINING_LOSS));
    }
    values.put(Metric.APPROX_KL, policy.meanOfLastEpoch(Metric.APPROX_KL));
    values.put(Metric.CLIP_FRACTION, policy.mean(Metric.CLIP_FRACTION));
    values.put(Metric.POLICY_ENTROPY, policy.mean(Metric.POLICY_ENTROPY));
    if (settings.objective().entropyCoefficient() > 0) {
      values.put(
          Metric.ENTROPY_COEFFICIENT,
          settings.entropyCoefficient(state.iteration(), state.steps()));
    }
    values.put(Metric.RATIO_MAX, policy.max(Metric.RATIO_MAX));
    values.put(Metric.RATIO_DEVIATION, policy.first(Metric.RATIO_DEVIATION));
    return values;
  }

  private static Map<Metric, Double> ofPairs(UpdateStatistics policy) {
    Map<Metric, Double> values = new LinkedHashMap<>();
    values.put(Metric.POLICY_LOSS, policy.mean(Metric.LOSS));
    for (Metric metric :
        List.of(
            Metric.ACCURACY,
            Metric.REWARDS_CHOSEN,
            Metric.REWARDS_REJECTED,
            Metric.REWARDS_MARGIN,
            Metric.LOGPROBS_CHOSEN,
            Metric.LOGPROBS_REJECTED)) {
      values.put(metric, policy.mean(metric));
    }
    return values;
  }

  IterationMetrics with(Map<Metric, Double> more) {
    Map<Metric, Double> all = new LinkedHashMap<>(values);
    all.putAll(more);
    return new IterationMetrics(iteration, all);
  }

  /** {@code {"step": n, "<metric>": value, ...}}. */
  String line() {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", iteration);
    values.forEach((metric, value) -> line.put(metric.key(), value));
    try {
      return JSON.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Numbers always become JSON", e);
    }
  }
}
