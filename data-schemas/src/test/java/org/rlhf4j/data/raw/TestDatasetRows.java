package org.rlhf4j.data.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.data.raw.RawRecord.Origin;
import org.rlhf4j.data.raw.RawRecord.Ranking;

class TestDatasetRows {
  private static final SplitRule SPLITS = new SplitRule(0.05, 0.05, 0);
  private static final DatasetRows ROWS = new DatasetRows(SPLITS);

  @Test
  void rankingBecomesAllPairs() {
    List<PreferencePair> pairs =
        ROWS.pairs(ranking(List.of("a", "b", "c", "d"), List.of(2, 0, 1, 3), "x"));

    assertThat(pairs)
        .extracting(pair -> pair.chosen() + ">" + pair.rejected())
        .containsExactlyInAnyOrder("b>a", "c>a", "a>d", "b>c", "b>d", "c>d");
    assertThat(pairs).allSatisfy(p -> assertThat(p.weight()).isCloseTo(1.0 / 6, within(1e-15)));
    assertThat(pairs).extracting(PreferencePair::groupId).containsOnly(pairs.get(0).groupId());
    assertThat(pairs).extracting(PreferencePair::pairId).doesNotHaveDuplicates();
  }

  @Test
  void tiesAndEqualTextsGiveNoPairAndKeepTheWeight() {
    List<PreferencePair> pairs =
        ROWS.pairs(ranking(List.of("a", "b", " a", "u"), List.of(0, 1, 1, -1), "x"));

    assertThat(pairs).hasSize(1); // a>b; a and " a" are one text, b and " a" tie
    assertThat(pairs.get(0).weight()).isCloseTo(1.0 / 3, within(1e-15));
  }

  @Test
  void sourcesCountByTheirFactors() {
    Ranking ranking = ranking(List.of("a", "b", "c"), List.of(0, 1, 1), "x");
    DatasetRows halved = new DatasetRows(SPLITS, new SourceWeights(Map.of("test", 0.5)));
    DatasetRows other = new DatasetRows(SPLITS, new SourceWeights(Map.of("other", 0.5)));

    assertThat(halved.pairs(ranking)).extracting(PreferencePair::weight).containsOnly(0.5 / 3);
    assertThat(other.pairs(ranking)).extracting(PreferencePair::weight).containsOnly(1.0 / 3);
    assertThat(new SourceWeights(Map.of("z", 1.0, "y", 2.0, "test", 3.0)).unknownTo(Set.of("test")))
        .containsExactly("y", "z");
  }

  @Test
  void pairAndRankingOfTwoAreTheSame() {
    Ranking pair = ranking(List.of("a", "b"), List.of(0, 1), "x");
    Ranking reordered = ranking(List.of("b ", "a"), List.of(1, 0), "x");

    assertThat(reordered.key()).isEqualTo(pair.key());
    PreferencePair row = ROWS.pairs(pair).get(0);
    assertThat(row.pairId()).isEqualTo(row.groupId()).isEqualTo(pair.key());
    assertThat(ranking(List.of("a", "b"), List.of(1, 0), "x").key()).isNotEqualTo(pair.key());
    assertThat(ranking(List.of("a", "b"), List.of(0, 1), "y").key()).isNotEqualTo(pair.key());
  }

  @Test
  void verdictsMeetWithinOneAnnotator() {
    Verdict verdict = verdict(List.of("a", "b"), "x");

    Verdict opposite = verdict(List.of("b ", "a"), "x");
    assertThat(opposite.better()).isEqualTo(verdict.worse());
    assertThat(opposite.worse()).isEqualTo(verdict.better());
    assertThat(verdict(List.of("a", "b"), "y").better())
        .isNotEqualTo(verdict.better())
        .isNotEqualTo(verdict.worse());
  }

  @Test
  void idsAreStable() {
    // changing these moves every row of every user to another split: never without a new version
    String promptId = RowIds.promptId(List.of(new Message("user", " Hi\u00a0\n there ")));

    assertThat(promptId).isEqualTo(RowIds.promptId(List.of(new Message("USER", "Hi there"))));
    assertThat(promptId).isEqualTo(PROMPT_ID);
    assertThat(new SplitRule(0.05, 0.05, 0).of(promptId)).isEqualTo(Split.TRAIN);
  }

  /** SHA-256 over length-prefixed "prompt", "user", "Hi there"; see scripts of other languages. */
  private static final String PROMPT_ID = "de701b2574ca23e6e7271c55ea9565a3";

  @Test
  void splitsHaveTheirSharesAndOnlyGrow() {
    SplitRule larger = new SplitRule(0.20, 0.05, 0);
    List<String> prompts =
        IntStream.range(0, 20_000)
            .mapToObj(i -> RowIds.promptId(List.of(Message.text("prompt " + i))))
            .toList();

    double validation =
        prompts.stream().filter(p -> SPLITS.of(p) == Split.VALIDATION).count() / 20_000.0;
    assertThat(validation).isCloseTo(0.05, within(0.006)); // four standard errors
    assertThat(prompts)
        .filteredOn(p -> SPLITS.of(p) != Split.TRAIN)
        .allMatch(p -> larger.of(p) == SPLITS.of(p));
    assertThat(prompts).anyMatch(p -> new SplitRule(0.05, 0.05, 1).of(p) != SPLITS.of(p));
  }

  @Test
  void derivedRankingsSurviveTheirJson() {
    Ranking ranking =
        new Ranking(
            List.of(new Message("system", "s"), new Message("user", "\"q\"")),
            List.of("a", "b", "c"),
            List.of(1, 0, -1),
            Optional.of(0.1),
            Optional.of("why"),
            new Origin("oasst", Optional.of("me"), 0.3));

    RawResult read = RawParser.of(RawFormat.RANKING).parse(RankingJson.write(ranking));

    assertThat(((RawResult.Accepted) read).record()).isEqualTo(ranking);
  }

  private static Verdict verdict(List<String> responses, String annotator) {
    return ranking(responses, List.of(0, 1), annotator).identity().verdicts().get(0);
  }

  private static Ranking ranking(List<String> responses, List<Integer> ranks, String annotator) {
    return new Ranking(
        List.of(Message.text("p")),
        responses,
        ranks,
        Optional.empty(),
        Optional.empty(),
        new Origin("test", Optional.of(annotator), 1));
  }
}
