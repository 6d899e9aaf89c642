package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.dataset.RawRow;
import org.rlhf4j.jobs.quality.CastItem.CastVote;

class TestVoteRows {
  @Test
  void votesBetweenDifferentOptionsAreDifferentItems() {
    List<CastItem> items =
        items(
            vote("q", "u1", "gpt", "'gpt', 'llama'"),
            vote("q", "u2", "claude", "'llama', 'claude'"),
            vote("q", "u3", "claude", "'claude', 'llama'"),
            vote("q", "u3", "llama", "'gpt', 'llama'"),
            "{'item': 'q', 'gold': 'gpt'}",
            vote("r", "u1", "gpt", "'gpt', 'llama'"));

    assertThat(items).hasSize(4);
    CastItem claude = items.get(0);
    assertThat(claude.contest()).containsExactly("", "claude", "llama");
    assertThat(claude.votes())
        .extracting(CastVote::annotator, CastVote::label, CastVote::choice)
        .containsExactly(
            tuple("u2", "first", CodedItem.LEFT), tuple("u3", "first", CodedItem.LEFT));
    assertThat(claude.gold()).isEmpty(); // gpt is no answer to this question
    CastItem gpt = items.get(1);
    assertThat(gpt.contest()).containsExactly("", "gpt", "llama");
    assertThat(gpt.votes())
        .extracting(CastVote::annotator, CastVote::label)
        .containsExactly(tuple("u1", "first"), tuple("u3", "second"));
    assertThat(gpt.gold()).contains("first");
    assertThat(items).allMatch(item -> item.contradictory() == 0);
    assertThat(items.stream().mapToLong(CastItem::goldRows).sum()).isEqualTo(1);
    assertThat(items.get(2).votes()).isEmpty();
    assertThat(items.get(3).item()).isEqualTo("r");
  }

  @Test
  void goldThatSaysNothingIsCounted() {
    byte[] bytes = "{\"item\": \"q\", \"gold\": null}".getBytes(StandardCharsets.UTF_8);
    assertThat(VoteRows.gold(new RawRow("f", 1, bytes, false)))
        .singleElement()
        .matches(row -> row.isNullAt(VoteRows.SCHEMA.fieldIndex("gold")));
  }

  @Test
  void rowsWithoutOptionsMeanTheOnlyOnes() {
    List<CastItem> items =
        items(
            vote("q", "u1", "a", "'a', 'b'"),
            "{'item': 'q', 'annotator': 'u1', 'label': 'a'}",
            "{'item': 'q', 'annotator': 'u2', 'label': 'b'}",
            vote("q", "u2", "a", "'a', 'b'"),
            "{'item': 'q', 'annotator': 'u3', 'label': null}",
            "{'item': 'q', 'annotator': 'u4', 'label': 'b', 'gold': 'b'}");

    assertThat(items).hasSize(1);
    CastItem item = items.get(0);
    assertThat(item.votes())
        .extracting(CastVote::annotator, CastVote::label)
        .containsExactly(tuple("u1", "first"), tuple("u4", "second"));
    assertThat(item.gold()).contains("second");
    assertThat(item.counts()).isEqualTo(new CastVotes.Counts(2, 1, 2, 1, 0));
  }

  @Test
  void aCutRowIsRefusedForItsLengthWhateverItsBeginningSays() {
    byte[] bytes = "{\"item\": 1, \"annotator\": 2, \"label\": 3}".getBytes(StandardCharsets.UTF_8);
    RawRow cut = new RawRow("f", 7, bytes, true);
    LongAccumulator refused = new LongAccumulator();

    assertThat(VoteRows.of(cut, refused)).isEmpty();
    assertThat(refused.value()).isEqualTo(1);
    assertThat(VoteRows.refused(cut))
        .extracting(QuarantinedRow::reason, QuarantinedRow::rowNumber)
        .containsExactly(tuple("row_too_large", 7L));
  }

  /** Normalised they are equally long. */
  @Test
  void theLongerResponseIsThatOfMoreCharacters() {
    Row spaced = VoteRows.of(pair("a   b", "a c"));
    Row equal = VoteRows.of(pair("a b", "a c"));

    assertThat(spaced.getInt(VoteRows.SCHEMA.fieldIndex("longer"))).isEqualTo(1);
    assertThat(equal.isNullAt(VoteRows.SCHEMA.fieldIndex("longer"))).isTrue();
  }

  @Test
  void pairsOfOnePromptAreOneCluster() {
    Row pair = VoteRows.of(pair("x", "y"));
    List<CastItem> items = new ArrayList<>();
    new CastItems(List.of(pair, VoteRows.of(pair("x", "z"))).iterator())
        .forEachRemaining(items::add);

    assertThat(items).hasSize(2);
    assertThat(items).extracting(CastItem::cluster).containsOnly("p");
    ItemBlock block = CastBlock.of(items.iterator(), Set.of()).next().items();
    assertThat(block.item(0).key()).isEqualTo(block.item(1).key());
    assertThat(block.item(0).item()).isNotEqualTo(block.item(1).item());
  }

  @Test
  void aRatingIsAVoteOnItsResponse() {
    Row one = VoteRows.of(rating("good  answer", 2.50, "ann"));
    Row other = VoteRows.of(rating("good answer", 3, "bob"));
    Row gold = VoteRows.gold(rating("good answer", 4, "expert"));

    assertThat(one.getString(0)).isEqualTo(other.getString(0)).isEqualTo(gold.getString(0));
    assertThat(one.getString(1)).isEqualTo("ann");
    assertThat(one.getString(VoteRows.SCHEMA.fieldIndex("label"))).isEqualTo("2.5");
    assertThat(other.getString(VoteRows.SCHEMA.fieldIndex("label"))).isEqualTo("3");
    assertThat(gold.getString(VoteRows.SCHEMA.fieldIndex("gold"))).isEqualTo("4");
    assertThat(VoteRows.of(rating("other", 3, "bob")).getString(0)).isNotEqualTo(one.getString(0));
  }

  private static Rating rating(String response, double grade, String annotator) {
    return new Rating(
        "r",
        "p",
        Split.TRAIN,
        "s",
        List.of(new Message("user", "Why?")),
        response,
        grade,
        Optional.of(annotator),
        1,
        Optional.empty());
  }

  private static PreferencePair pair(String chosen, String rejected) {
    return new PreferencePair(
        "i",
        "g",
        "p",
        Split.TRAIN,
        "s",
        List.of(new Message("user", "Why?")),
        chosen,
        rejected,
        Optional.empty(),
        1,
        Optional.of("ann"),
        Optional.empty());
  }

  private static String vote(String item, String annotator, String label, String options) {
    return "{'item': '%s', 'annotator': '%s', 'label': '%s', 'options': [%s]}"
        .formatted(item, annotator, label, options);
  }

  /**
   * @param rows in the order of item and annotator
   */
  private static List<CastItem> items(String... rows) {
    List<Row> votes = new ArrayList<>();
    for (String row : rows) {
      byte[] bytes = row.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
      VoteRows.of(new RawRow("f", 1, bytes, false), new LongAccumulator()).forEach(votes::add);
    }

    List<CastItem> items = new ArrayList<>();
    new CastItems(votes.iterator()).forEachRemaining(items::add);
    return items;
  }
}
