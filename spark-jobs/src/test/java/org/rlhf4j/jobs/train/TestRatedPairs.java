package org.rlhf4j.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.data.dataset.Split;

class TestRatedPairs {
  @Test
  void higherGradesArePreferred() {
    List<PreferencePair> pairs =
        pairs(
            List.of(
                rating("1", "bad", 1, 1),
                rating("2", "good", 4, 1),
                rating("3", "best", 5, 3),
                rating("4", " good", 4, 1))); // the same text again

    assertThat(pairs)
        .extracting(pair -> pair.chosen() + ">" + pair.rejected() + " " + pair.weight())
        .containsExactlyInAnyOrder(
            "best>bad " + 2.0 / 3, "good>bad " + 1.0 / 3, "best>good " + 2.0 / 3);
    assertThat(pairs).allMatch(pair -> pair.margin().isEmpty() && pair.groupId().equals("g"));
    assertThat(pairs).extracting(PreferencePair::pairId).doesNotHaveDuplicates();
  }

  @Test
  void equalGradesAndEqualTextsGiveNone() {
    assertThat(pairs(List.of(rating("1", "a", 2, 1), rating("2", "b", 2, 1)))).isEmpty();
    assertThat(pairs(List.of(rating("1", "a", 2, 1), rating("2", "a ", 3, 1)))).isEmpty();
  }

  @Test
  void theOrderOfTheRowsDoesNotMatter() {
    List<Rating> rows =
        new ArrayList<>(
            List.of(rating("1", "a", 0.1, 1), rating("2", "a", 0.7, 1), rating("3", "b", 0.2, 1)));
    List<PreferencePair> pairs = pairs(rows);
    java.util.Collections.reverse(rows);

    assertThat(pairs(rows)).isEqualTo(pairs).hasSize(1);
  }

  @Test
  void thousandsOfOnePromptAreRefused() {
    List<Rating> rows =
        IntStream.range(0, 1_001).mapToObj(i -> rating("" + i, "text " + i, i, 1)).toList();

    assertThatThrownBy(() -> pairs(rows))
        .hasMessageContaining("1001 responses to the prompt p have ratings of one annotator");
  }

  private static List<PreferencePair> pairs(List<Rating> ratings) {
    List<PreferencePair> pairs = new ArrayList<>();
    RatedPairs.pairs("g", ratings).forEachRemaining(pairs::add);
    return pairs;
  }

  private static Rating rating(String id, String response, double grade, double weight) {
    return new Rating(
        id,
        "p",
        Split.TRAIN,
        "us",
        List.of(Message.text("q")),
        response,
        grade,
        Optional.of("anna"),
        weight,
        Optional.empty());
  }
}
