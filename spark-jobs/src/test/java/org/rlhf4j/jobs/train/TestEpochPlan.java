package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TestEpochPlan {
  private static long[] keys(int count) {
    return LongStream.range(0, count)
        .map(i -> EpochOrder.key(3, EpochOrder.idHash("example-" + i)))
        .toArray();
  }

  @Test
  void everyExampleHasOnePlaceAndStepsAreFull() {
    EpochPlan plan = EpochPlan.of(keys(103), 10, 3, 2, Long.MAX_VALUE);
    Map<Integer, Integer> perStep = new HashMap<>();
    Map<Integer, Integer> perPartition = new HashMap<>();
    for (long key : keys(103)) {
      assertThat(plan.uses(key)).isTrue();
      perStep.merge(plan.place(key).step(), 1, Integer::sum);
      perPartition.merge(plan.place(key).partition(), 1, Integer::sum);
    }
    assertThat(plan.steps()).isEqualTo(11);
    assertThat(plan.rounds()).isEqualTo(6);
    assertThat(plan.partitions()).isEqualTo(18);
    for (int step = 0; step < 10; step++) {
      assertThat(perStep).containsEntry(step, 10);
    }
    assertThat(perStep).containsEntry(10, 3);
    // Ten examples over three workers are 3, 3 and 4; a round has two steps.
    assertThat(List.of(perPartition.get(0), perPartition.get(1), perPartition.get(2)))
        .containsExactly(6, 6, 8);
  }

  @Test
  void stepsFollowTheKeysAndAnotherSeedGivesAnotherOrder() {
    EpochPlan plan = EpochPlan.of(keys(50), 8, 2, 1, Long.MAX_VALUE);
    long[] sorted = LongStream.of(keys(50)).sorted().toArray();
    for (int i = 0; i < sorted.length; i++) {
      assertThat(plan.place(sorted[i]).step()).isEqualTo(i / 8);
    }
    List<Integer> order = new ArrayList<>();
    List<Integer> otherOrder = new ArrayList<>();
    EpochPlan other =
        EpochPlan.of(
            LongStream.range(0, 50)
                .map(i -> EpochOrder.key(4, EpochOrder.idHash("example-" + i)))
                .toArray(),
            8,
            2,
            1,
            Long.MAX_VALUE);
    for (int i = 0; i < 50; i++) {
      order.add(plan.place(EpochOrder.key(3, EpochOrder.idHash("example-" + i))).step());
      otherOrder.add(other.place(EpochOrder.key(4, EpochOrder.idHash("example-" + i))).step());
    }
    assertThat(order).isNotEqualTo(otherOrder);
  }

  @Test
  void aCutEpochUsesItsFirstExamplesOnly() {
    EpochPlan plan = EpochPlan.of(keys(50), 8, 1, 4, 3);
    assertThat(plan.steps()).isEqualTo(3);
    assertThat(LongStream.of(keys(50)).filter(plan::uses).count()).isEqualTo(24);
    assertThat(plan.examples()).isEqualTo(24);
  }

  @Test
  void coverageNoticesLostAndRepeatedExamples() {
    long[] keys = keys(20);
    EpochPlan plan = EpochPlan.of(keys, 4, 1, 1, Long.MAX_VALUE);
    long sum = LongStream.of(keys).sum();
    assertThat(plan.isCoveredBy(20, sum)).isTrue();
    assertThat(plan.isCoveredBy(19, sum - keys[0])).isFalse();
    assertThat(plan.isCoveredBy(20, sum - keys[0] + keys[1])).isFalse();
  }

  @Test
  void everyStepHasExamplesHoweverOftenAnIdOccurs() {
    long[] keys = new long[22];
    Arrays.fill(keys, 5);
    keys[20] = 1;
    keys[21] = 9;
    EpochPlan plan = EpochPlan.of(keys, 2, 2, 1, Long.MAX_VALUE);
    assertThat(plan.steps()).isEqualTo(2);
    assertThat(List.of(plan.place(1).step(), plan.place(5).step(), plan.place(9).step()))
        .containsExactly(0, 0, 1);
    assertThat(
            List.of(
                plan.place(1).partition(), plan.place(5).partition(), plan.place(9).partition()))
        .containsExactly(0, 1, 3);
  }

  @Test
  void idsThatOccurTwiceStayTogether() {
    long[] keys = {5, 5, 5, 1, 9};
    EpochPlan plan = EpochPlan.of(keys, 2, 1, 1, 2);
    Set<Integer> steps = new HashSet<>();
    LongStream.of(5, 5, 5).forEach(key -> steps.add(plan.place(key).step()));
    assertThat(steps).hasSize(1);
    assertThat(plan.isCoveredBy(4, 16)).isTrue();
    assertThat(plan.uses(9)).isFalse();
  }

  @Test
  void theRestOfAnEpochIsWhatItsFirstRoundsLeft() {
    long[] keys = keys(50);
    EpochPlan whole = EpochPlan.of(keys, 8, 2, 2, Long.MAX_VALUE);
    for (int stepsBefore : new int[] {0, 2, 4, 6, 7}) {
      EpochPlan rest = EpochPlan.of(keys, 8, 2, 2, Long.MAX_VALUE, stepsBefore);
      assertThat(rest.firstRound()).isEqualTo((stepsBefore + 1) / 2);
      assertThat(rest.rounds()).isEqualTo(whole.rounds());
      long sum = 0;
      for (long key : keys) {
        boolean isLeft = whole.place(key).step() >= stepsBefore;
        assertThat(rest.uses(key)).isEqualTo(isLeft);
        assertThat(rest.place(key).partition()).isEqualTo(whole.place(key).partition());
        sum += isLeft ? key : 0;
      }
      assertThat(rest.isCoveredBy(Math.max(0, 50 - 8L * stepsBefore), sum)).isTrue();
    }
    assertThatThrownBy(() -> EpochPlan.of(keys, 8, 2, 2, Long.MAX_VALUE, 3))
        .hasMessageContaining("3 steps");
  }
}
