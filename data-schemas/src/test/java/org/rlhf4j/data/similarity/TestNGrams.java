package org.rlhf4j.data.similarity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TestNGrams {
  @Test
  void aRunHasOneHashWhereverItStands() {
    long[] grams = NGrams.of(Words.of("x y z one two three four five x"), 5);

    assertThat(grams).hasSize(5).doesNotHaveDuplicates();
    assertThat(NGrams.of(Words.of("One, two"), 2)).hasSize(2);
    assertThat(NGrams.of(Words.of("one TWO three four  five"), 5)).containsExactly(grams[3]);
  }

  @Test
  void aShortTextIsOneRunThatEqualsNoPart() {
    long[] shorter = NGrams.of(Words.of("one two three four five six"), 13);

    assertThat(shorter).hasSize(1);
    assertThat(NGrams.of(Words.of("one two three four"), 13)).isEmpty();
    assertThat(NGrams.of(Words.of("one two three four five six"), 6))
        .isEqualTo(shorter); // the same six words
    assertThat(NGrams.of(Words.of("one two three four five six seven"), 13))
        .doesNotContain(shorter[0]);
  }

  @Test
  void passagesAreTheWordsOfTheText() {
    assertThat(Words.passage("It is (not) so, I  say!", 2, 3)).isEqualTo("(not)");
    assertThat(Words.passage("one two", 1, 9)).isEqualTo("two");
    assertThat(Words.passage("one two", 0, 1)).isEqualTo("one");
  }

  @Test
  void aSetHoldsWhatWasPutIn() {
    long[] hashes = new Random(6).longs(1_000).toArray();
    hashes[7] = 0;
    GramSet set = GramSet.of(List.of(hashes, Arrays.copyOf(hashes, 10), new long[0]));

    assertThat(set.size()).isEqualTo(1_000);
    assertThat(Arrays.stream(hashes)).allMatch(set::contains);
    assertThat(new Random(7).longs(1_000)).noneMatch(set::contains);
    assertThat(GramSet.of(List.of()).contains(0)).isFalse();
  }
}
