package org.rlhf4j.data.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rlhf4j.data.raw.ParsedRows.accepted;
import static org.rlhf4j.data.raw.ParsedRows.rejected;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.raw.RawRecord.Comparisons;
import org.rlhf4j.data.raw.RawRecord.Ranking;
import org.rlhf4j.data.raw.RawResult.Rejected;

/** Rankings, and the comparisons of other projects. */
class TestRankingParser {
  @Test
  void rankingWithGapsTiesAndUnranked() {
    Ranking ranking =
        accepted(
            RawFormat.RANKING,
            "{'prompt': 'p', 'responses': ['a', 'b', 'c', 'd'], 'ranks': [7, 2, null, 7]}");

    assertThat(ranking.ranks()).containsExactly(1, 0, RawRecord.UNRANKED, 1);
  }

  /** One text may stand in it twice, as long as that is no contradiction. */
  @Test
  void rankingsWithEqualTexts() {
    DatasetRows rows = new DatasetRows(new SplitRule(0, 0, 0));
    String row = "{'prompt': 'p', 'responses': ['a', 'b', 'a '], 'ranks': ";
    Ranking plain =
        accepted(RawFormat.PREFERENCE, "{'prompt': 'p', 'chosen': 'a', 'rejected': 'b'}");
    Ranking merged = accepted(RawFormat.RANKING, row + "[1, 2, 1]}");
    Ranking twice = accepted(RawFormat.RANKING, row + "[1, 3, 2]}");

    assertThat(merged.key()).isEqualTo(plain.key());
    assertThat(rows.pairs(merged)).hasSize(1).allMatch(pair -> pair.weight() == 1);
    assertThat(rows.pairs(twice))
        .extracting(pair -> pair.chosen() + ">" + pair.rejected())
        .containsExactly("a>b");
    assertThat(rejected(row + "[1, 2, 3]}").reason()).isEqualTo(Reason.CONTRADICTORY_PAIR);
  }

  @Test
  void rankingsOfMessages() {
    String response = "[{'role': '%s', 'content': '%s'}]";
    String row =
        "{'prompt': [{'role': 'user', 'content': 'p'}], 'responses': ["
            + response.formatted("gpt", "a")
            + ", 'b'], 'ranks': [1, 0]}";

    Ranking ranking = accepted(RawFormat.RANKING, row);

    assertThat(ranking.responses()).containsExactly("a", "b");
    assertThat(rejected(row.replace("gpt", "user")).detail())
        .isEqualTo("the response responses has the role user, but must have assistant");
  }

  /** Two of them would be a tie that nobody wrote. */
  @Test
  void ranksThatNoDoubleHolds() {
    for (String ranks : List.of("[1, 1e400, 2]", "[-1e400, null, 2]")) {
      Rejected refused =
          rejected("{'prompt': 'p', 'responses': ['a', 'b', 'c'], 'ranks': " + ranks + "}");
      assertThat(refused.reason()).isEqualTo(Reason.WRONG_TYPE);
      assertThat(refused.detail())
          .isEqualTo("field ranks is a number beyond 1.8e308, the largest double");
    }
  }

  @Test
  void rankingsOfThousandsAreRefusedBeforeTheirPairsAreMade() {
    StringBuilder responses = new StringBuilder();
    StringBuilder ranks = new StringBuilder();
    for (int i = 0; i < 40_000; i++) {
      responses.append(i == 0 ? "" : ",").append("'r").append(i).append("'");
      ranks.append(i == 0 ? "" : ",").append(i);
    }

    Rejected refused =
        rejected("{'prompt': 'p', 'responses': [" + responses + "], 'ranks': [" + ranks + "]}");

    assertThat(refused.reason()).isEqualTo(Reason.ROW_TOO_LARGE);
    assertThat(refused.detail())
        .isEqualTo("40000 responses are ranked, but at most 1000 are compared two by two");
  }

  @Test
  void comparisonsAreWrittenAsTheirProjectDoes() {
    Ranking pair =
        accepted(
            RawFormat.COMPARISONS,
            "{'info': {'post': 'Long.', 'title': 'T', 'subreddit': 'tifu'}, 'summaries': [{'text':"
                + " ' a'}, {'text': ' b'}], 'choice': 1, 'worker': 'w1'}");

    assertThat(pair.prompt().get(0).content())
        .isEqualTo("SUBREDDIT: r/tifu\n\nTITLE: T\n\nPOST: Long.\n\nTL;DR:");
    assertThat(pair.ranks()).containsExactly(1, 0);
    assertThat(pair.origin().annotator()).contains("w1");
  }

  @Test
  void fineGrainedComparisonsKeepTiesOutAndFeedbackAsItIs() {
    String row =
        "{'question': 'Why?', 'passages': [['T', 'One.', 'Two.']], 'prediction 1': 'a',"
            + " 'prediction 2': 'b', 'prediction 3': 'c', 'preference': [2, 0, 1],"
            + " 'feedback': {'errors': [], 'missing-info': 'x'}, 'weight': 3}";

    Comparisons compared = accepted(RawFormat.FINE_GRAINED, row);

    assertThat(compared.prompt()).containsExactly(new Message("user", "T One. Two.\n\nWhy?"));
    assertThat(new DatasetRows(new SplitRule(0, 0, 0)).pairs(compared, "p", "g"))
        .extracting(pair -> pair.chosen() + pair.rejected() + pair.critique().isPresent())
        .containsExactly("batrue", "bcfalse");
    assertThat(new DatasetRows(new SplitRule(0, 0, 0)).pairs(compared, "p", "g"))
        .allMatch(pair -> pair.groupId().equals("g") && pair.weight() == 1.0)
        .extracting(PreferencePair::pairId)
        .doesNotHaveDuplicates();
    assertThat(compared.pairs().get(0).critique())
        .contains("{\"errors\":[],\"missing-info\":\"x\"}");
    assertThat(compared.identity().verdicts()).hasSize(2);
    Comparisons repeated = accepted(RawFormat.FINE_GRAINED, row.replace("'c'", "'a'"));
    assertThat(repeated.pairs()).hasSize(1); // b over a, twice
    assertThat(rejected(row.replace("[2, 0, 1]", "[0, 0, 0]")).reason()).isEqualTo(Reason.TIE);
    assertThat(rejected(row.replace("[2, 0, 1]", "[2, 0]")).detail())
        .isEqualTo("3 predictions have 3 pairs, but there are 2 preferences");
    assertThat(rejected(row.replace("[2, 0, 1]", "[2, 0, 3]")).reason())
        .isEqualTo(Reason.WRONG_TYPE);
  }
}
