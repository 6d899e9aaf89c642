package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.rlhf4j.jobs.quality.CastItem.CastVote;

class TestCastBlock {
  @Test
  void numbersOfABlockBecomeThoseOfEverybody() {
    CastItem first = item("x", Optional.of("never"), "zoe", "yes", "amy", "no");
    CastItem empty = item("nothing", Optional.empty());
    CastItem second = item("y", Optional.of("no"), "bob", "no");

    CastBlock block = CastBlock.of(List.of(first, empty, second).iterator(), Set.of()).next();
    ItemBlock items =
        block.numbered(
            new Names(List.of("amy", "bob", "cid", "zoe")), new Names(List.of("no", "yes")));

    assertThat(block.givenLabelNames()).containsExactly("yes", "no");
    assertThat(block.counts()).isEqualTo(new CastVotes.Counts(3, 3, 6, 9, 12));
    CodedItem x = items.item(0);
    assertThat(x.item()).isEqualTo("x");
    assertThat(x.annotators()).containsExactly(3, 0);
    assertThat(x.labels()).containsExactly(1, 0);
    assertThat(x.golds()).containsExactly(2, 2); // right, but nobody's label
    CodedItem y = items.item(1);
    assertThat(y.annotators()).containsExactly(1);
    assertThat(y.labels()).containsExactly(0);
    assertThat(y.golds()).containsExactly(0);
    assertThat(y.times()).containsExactly(5);
    assertThat(items.items()).hasSize(2);
  }

  @Test
  void expertsAreHeldAgainstEachOther() {
    CastItem item = item("x", Optional.empty(), "amy", "no", "bob", "yes", "cid", "no");

    ItemBlock block = CastBlock.of(List.of(item).iterator(), Set.of("amy", "bob")).next().items();

    // amy against bob, bob against amy; of two experts who differ nothing is known for cid
    assertThat(block.golds()[0]).isEqualTo(block.labels()[1]);
    assertThat(block.golds()[1]).isEqualTo(block.labels()[0]);
    assertThat(block.golds()[2]).isEqualTo(CodedItem.UNKNOWN);
  }

  @Test
  void manyItemsMakeSeveralBlocks() {
    List<CastItem> items = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      items.add(item("i" + i, Optional.empty(), "a" + i, "no", "b", "yes"));
    }

    Iterator<CastBlock> blocks = CastBlock.of(items.iterator(), Set.of());
    CastBlock first = blocks.next();
    CastBlock second = blocks.next();

    assertThat(blocks.hasNext()).isFalse();
    assertThat(first.items().items().length + second.items().items().length).isEqualTo(50_000);
    assertThat(second.items().item(0).item()).isEqualTo("i" + first.items().items().length);
    assertThat(second.annotators()).doesNotContain("a0").contains("a49999", "b");
  }

  private static CastItem item(String name, Optional<String> gold, String... annotatorsAndLabels) {
    List<CastVote> votes = new ArrayList<>();
    for (int i = 0; i < annotatorsAndLabels.length; i += 2) {
      byte none = (byte) CodedItem.UNKNOWN;
      votes.add(
          new CastVote(annotatorsAndLabels[i], annotatorsAndLabels[i + 1], 5, none, none, none));
    }

    return new CastItem(name, name, votes, gold, List.of(), 1, 2, 3, 4);
  }
}
