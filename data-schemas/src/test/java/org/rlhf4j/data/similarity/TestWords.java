package org.rlhf4j.data.similarity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestWords {
  @ParameterizedTest
  @CsvSource({
    "the cat, The  CAT",
    "caf\u00e9 noir, cafe\u0301 Noir",
    "it 's 5, IT'S 5",
    "a\u200b b, a b",
  })
  void caseBlanksAndCompositionDoNotCount(String left, String right) {
    assertThat(Words.of(left)).isEqualTo(Words.of(right));
  }

  @Test
  void symbolsAndCharactersOfScriptsWithoutBlanksAreWords() {
    assertThat(Words.of("2+3")).hasSize(3).isNotEqualTo(Words.of("2-3"));
    assertThat(Words.of("\u4eca\u65e5\u306f")).hasSize(3);
    assertThat(Words.of("\ud83d\ude00\ud83d\ude00")).hasSize(2);
    assertThat(Words.of(" \n\t")).isEmpty();
  }

  @Test
  void shinglesAreASetOfRunsOfThree() {
    assertThat(Shingles.of(Words.of("a b c d"))).hasSize(2).isSorted();
    assertThat(Shingles.of(Words.of("a b a b a b"))).hasSize(2);
    assertThat(Shingles.of(Words.of("a b"))).hasSize(1).isNotEqualTo(Shingles.of(Words.of("b a")));
    assertThat(Shingles.of(Words.of(""))).isEmpty();
  }

  @Test
  void jaccardIsCommonOverAll() {
    int[] five = {1, 2, 3, 4, 5};

    assertThat(Shingles.jaccard(five, new int[] {3, 4, 5, 6, 7})).isEqualTo(3.0 / 7);
    assertThat(Shingles.jaccard(five, five)).isEqualTo(1.0);
    assertThat(Shingles.jaccard(five, new int[0])).isZero();
    assertThat(Shingles.jaccard(new int[0], new int[0])).isZero();
  }
}
