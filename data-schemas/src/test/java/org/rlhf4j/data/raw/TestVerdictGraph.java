package org.rlhf4j.data.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TestVerdictGraph {
  @Test
  void oppositeVerdictsContradict() {
    assertThat(faults("ab", "ba", "bc"))
        .containsExactly(
            Optional.of(Reason.CONTRADICTORY_PAIR),
            Optional.of(Reason.CONTRADICTORY_PAIR),
            Optional.empty());
  }

  @Test
  void circlesAreFoundAndWhatLeadsToThemHolds() {
    assertThat(faults("xa", "ab", "bc", "ca", "cy", "xy", "ab"))
        .containsExactly(
            Optional.empty(),
            Optional.of(Reason.PREFERENCE_CYCLE),
            Optional.of(Reason.PREFERENCE_CYCLE),
            Optional.of(Reason.PREFERENCE_CYCLE),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Reason.PREFERENCE_CYCLE));
  }

  @Test
  void twoCirclesOneBehindTheOtherStayApart() {
    assertThat(faults("ab", "bc", "ca", "cd", "de", "ef", "fd"))
        .filteredOn(Optional::isEmpty)
        .hasSize(1); // what leads from one to the other
  }

  @Test
  void aLongCircleNeedsNoDeepStack() {
    List<Verdict> verdicts = new ArrayList<>();
    int length = 100_000;
    for (int i = 0; i < length; i++) {
      verdicts.add(new Verdict(-i, -((i + 1) % length)));
    }

    VerdictGraph graph = graph(verdicts);

    assertThat(verdicts).allMatch(v -> graph.fault(v).equals(Optional.of(Reason.PREFERENCE_CYCLE)));
  }

  private static List<Optional<Reason>> faults(String... pairs) {
    List<Verdict> verdicts =
        Arrays.stream(pairs).map(pair -> new Verdict(pair.charAt(0), pair.charAt(1))).toList();
    VerdictGraph graph = graph(verdicts);
    return verdicts.stream().map(graph::fault).toList();
  }

  private static VerdictGraph graph(List<Verdict> verdicts) {
    VerdictList list = new VerdictList();
    verdicts.forEach(list::add);
    return VerdictGraph.of(list);
  }
}
