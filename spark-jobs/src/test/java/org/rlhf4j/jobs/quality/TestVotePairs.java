package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TestVotePairs {
  @Test
  void everyTwoVotesOnce() {
    CodedItem item = CodedItem.ofLabels("i", new int[] {3, 5, 7, 9}, new int[] {0, 1, 1, 0}, -1);
    VotePairs pairs = new VotePairs(item, fit(10));
    Set<Long> found = new HashSet<>();
    int agreeing = 0;
    int count = 0;
    while (pairs.hasNext()) {
      CommonItem pair = CommonItem.of(pairs.next());
      assertThat(CommonItem.first(pair.pair())).isLessThan(CommonItem.second(pair.pair()));
      found.add(pair.pair());
      agreeing += pair.isEqual() ? 1 : 0;
      count++;
    }

    assertThat(count).isEqualTo(6);
    assertThat(found).hasSize(6);
    assertThat(agreeing).isEqualTo(2);
    assertThat(new VotePairs(Votes.on("i", 0), fit(1)).hasNext()).isFalse();
  }

  /** All at once would be 200 million rows. */
  @Test
  void pairsAreMadeAsTheyAreAskedFor() {
    VotePairs pairs = new VotePairs(Votes.on("i", new int[20_000]), fit(20_000));

    assertThat(CommonItem.of(pairs.next()).pair()).isEqualTo(CommonItem.key(0, 1));
    assertThat(CommonItem.of(pairs.next()).pair()).isEqualTo(CommonItem.key(0, 2));
  }

  @Test
  void anItemHasAShareOfTheBudgetOnly() {
    AgreementCounts counts = new AgreementCounts(2);
    counts.plus(Votes.on("x", new int[PairAgreement.MAX_VOTES + 1]));
    assertThat(PairAgreement.votesPerItem(counts)).isEqualTo(PairAgreement.MAX_VOTES);
    assertThat(counts.pairs(PairAgreement.MAX_VOTES)).isLessThan(counts.pairs());

    for (int item = 0; item < 150; item++) {
      counts.plus(Votes.on("x" + item, new int[PairAgreement.MAX_VOTES]));
    }

    int votes = PairAgreement.votesPerItem(counts);
    assertThat(counts.pairs(votes)).isLessThanOrEqualTo(PairAgreement.MAX_PAIRS);
    assertThat(counts.pairs(votes + 1)).isGreaterThan(PairAgreement.MAX_PAIRS);
  }

  private static LabelFit fit(int annotators) {
    LabelModel model = new OneCoinModel(annotators, 2, 1);
    return new LabelFit(model, model.maximize(new long[2 * annotators + 2]), 1, true, 0);
  }
}
