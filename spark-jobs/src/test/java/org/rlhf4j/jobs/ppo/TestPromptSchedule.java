package org.rlhf4j.jobs.ppo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TestPromptSchedule {
  private static final List<String> IDS =
      IntStream.range(0, 10).mapToObj(i -> "prompt-" + i).toList();

  @Test
  void everyPassUsesEveryPromptOnce() {
    PromptSchedule schedule = new PromptSchedule(IDS, 1);
    List<String> used =
        Stream.of(1, 2, 3, 4, 5)
            .flatMap(iteration -> schedule.uses(iteration, 4).stream())
            .map(PromptSchedule.Use::promptId)
            .toList();
    assertThat(used.subList(0, 10)).containsExactlyInAnyOrderElementsOf(IDS);
    assertThat(used.subList(10, 20)).containsExactlyInAnyOrderElementsOf(IDS);
    assertThat(used.subList(0, 10)).isNotEqualTo(used.subList(10, 20)).isNotEqualTo(IDS);
  }

  @Test
  void anIterationDependsOnSeedAndIdsAlone() {
    PromptSchedule schedule = new PromptSchedule(IDS, 1);
    IntStream.rangeClosed(1, 6).forEach(iteration -> schedule.uses(iteration, 4));
    List<String> reversed = new ArrayList<>(IDS);
    Collections.reverse(reversed);
    assertThat(new PromptSchedule(reversed, 1).uses(7, 4)).isEqualTo(schedule.uses(7, 4));
    assertThat(new PromptSchedule(IDS, 2).uses(7, 4)).isNotEqualTo(schedule.uses(7, 4));
  }

  @Test
  void repeatedUsesWithinAnIterationAreCounted() {
    List<PromptSchedule.Use> uses = new PromptSchedule(IDS, 1).uses(1, 25);
    assertThat(uses).doesNotHaveDuplicates();
    assertThat(uses.stream().filter(use -> use.occurrence() == 0)).hasSize(10);
    assertThat(uses.stream().filter(use -> use.occurrence() == 2)).hasSize(5);
  }
}
