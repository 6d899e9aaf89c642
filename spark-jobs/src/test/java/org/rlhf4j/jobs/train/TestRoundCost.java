package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rlhf4j.dl4j.TrainingNetwork;
import org.rlhf4j.jobs.train.RoundResult.TakenStep;
import org.rlhf4j.jobs.train.RoundResult.WorkerSeconds;
import org.rlhf4j.metrics.Metric;

class TestRoundCost {
  private static final double ROUNDING = 1e-12;

  private static TakenStep step(int index, double seconds) {
    return new TakenStep(
        index, 1, 0, new TrainingNetwork.Step(0, new double[1], 0, 0.1, 1, seconds));
  }

  private static RoundCost cost() {
    RoundResult slowInTraining =
        RoundResult.trained("a", List.of(step(0, 3), step(1, 4)), new WorkerSeconds(0.1, 0.1))
            .packedIn(0.3);
    RoundResult slowInCopies =
        RoundResult.trained("b", List.of(step(0, 6)), new WorkerSeconds(0.2, 0.3));
    return RoundCost.of(0.5, 8, 1.5, List.of(slowInTraining, slowInCopies));
  }

  @Test
  void costIsAllButTheSlowestWorkersSteps() {
    assertThat(cost()).isEqualTo(new RoundCost(0.5, 0.2, 7, 0.4, 1.5, 10));
    assertThat(cost().cost()).isEqualTo(3);
    assertThat(cost().metrics())
        .containsEntry("averaging/broadcast", 0.5)
        .containsEntry("averaging/set", 0.2)
        .containsEntry("averaging/serialise", 0.4)
        .containsEntry("averaging/aggregate", 1.5)
        .containsEntry("averaging/cost", 3.0)
        .containsEntry("averaging/round", 10.0)
        .containsEntry("averaging/share", 0.3);
  }

  @Test
  void meansAreOverRoundsAndTheShareOfAllOfThem() {
    RoundCost other = new RoundCost(0.1, 0, 29, 0, 0.1, 30);
    List<StepMetrics> steps =
        List.of(
            new StepMetrics(1, Map.of("loss", 1.0)),
            new StepMetrics(2, cost().metrics()),
            new StepMetrics(3, other.metrics()));
    Map<Metric, Double> means = RoundCost.mean(steps);
    assertThat(means.get(Metric.AVERAGING_BROADCAST)).isCloseTo(0.3, within(ROUNDING));
    assertThat(means.get(Metric.AVERAGING_ROUND)).isCloseTo(20, within(ROUNDING));
    assertThat(means.get(Metric.AVERAGING_SHARE)).isCloseTo(0.1, within(ROUNDING));
    assertThat(RoundCost.mean(steps.subList(0, 1))).isEmpty();
  }
}
