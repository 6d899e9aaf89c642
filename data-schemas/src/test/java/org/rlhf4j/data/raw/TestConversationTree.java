package org.rlhf4j.data.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.raw.ConversationTree.Outcome;
import org.rlhf4j.data.raw.ConversationTree.Resolution;
import org.rlhf4j.data.raw.RawRecord.Origin;
import org.rlhf4j.data.raw.RawRecord.TreeMessage;

class TestConversationTree {
  @Test
  void rankedRepliesBecomeRankings() {
    Resolution resolution =
        ConversationTree.resolve(
            List.of(
                message("b", "root", "assistant", 1),
                message("root", null, "user", null),
                message("a", "root", "assistant", 4),
                message("q", "b", "user", null),
                message("y", "q", "assistant", 0),
                message("x", "q", "assistant", 1),
                message("z", "q", "assistant", null)));

    assertThat(resolution.rankings()).hasSize(2);
    assertThat(resolution.rankings().get(0).prompt())
        .extracting(Message::content)
        .containsExactly("text of root", "text of b", "text of q");
    assertThat(resolution.rankings().get(0).responses()).containsExactly("text of x", "text of y");
    assertThat(resolution.rankings().get(1).ranks()).containsExactly(1, 0);
    assertThat(resolution.outcomes().get(6))
        .isEqualTo(new Outcome.Rejected(Reason.UNRANKED, "the reply has siblings, but no rank"));
    assertThat(resolution.outcomes().subList(0, 6)).allMatch(o -> o instanceof Outcome.Kept);
  }

  @Test
  void deletedOrphanedAndRepeatedMessages() {
    TreeMessage deleted =
        new TreeMessage(
            "t",
            "d",
            Optional.of("root"),
            new Message("assistant", ""),
            Optional.of(0.0),
            true,
            origin());
    Resolution resolution =
        ConversationTree.resolve(
            List.of(
                message("root", null, "user", null),
                message("root", null, "user", null),
                deleted,
                message("below", "d", "user", null),
                message("lost", "nowhere", "assistant", 1),
                message("loop", "loop", "assistant", 1),
                message("only", "root", "assistant", null)));

    assertThat(resolution.rankings()).isEmpty();
    assertThat(resolution.outcomes())
        .extracting(TestConversationTree::code)
        .containsExactly("kept", "duplicate", "deleted", "deleted", "orphan", "orphan", "kept");
  }

  /** They cannot be told apart by those who name them as parent. */
  @Test
  void differentMessagesWithOneIdAreNoDuplicates() {
    TreeMessage other =
        new TreeMessage(
            "t",
            "a",
            Optional.of("root"),
            new Message("assistant", "something else"),
            Optional.of(1.0),
            false,
            origin());
    Resolution resolution =
        ConversationTree.resolve(
            List.of(
                message("root", null, "user", null),
                message("a", "root", "assistant", 1),
                message("b", "root", "assistant", 0),
                message("c", "root", "assistant", 2),
                other,
                message("below", "a", "user", null)));

    assertThat(resolution.outcomes())
        .extracting(TestConversationTree::code)
        .containsExactly("kept", "wrong_type", "kept", "kept", "wrong_type", "orphan");
    assertThat(resolution.rankings().get(0).responses()).containsExactly("text of b", "text of c");
  }

  @Test
  void ranksBetweenWholeNumbersAreKeptApart() {
    TreeMessage better = ranked("a", 0.5);
    TreeMessage worse = ranked("b", 0.7);
    Resolution resolution =
        ConversationTree.resolve(List.of(message("root", null, "user", null), better, worse));

    assertThat(resolution.rankings().get(0).ranks()).containsExactly(0, 1);
  }

  private static TreeMessage ranked(String id, double rank) {
    return new TreeMessage(
        "t",
        id,
        Optional.of("root"),
        new Message("assistant", id),
        Optional.of(rank),
        false,
        origin());
  }

  @Test
  void tiedRepliesAreTies() {
    Resolution resolution =
        ConversationTree.resolve(
            List.of(
                message("root", null, "user", null),
                message("a", "root", "assistant", 1),
                message("b", "root", "assistant", 1)));

    assertThat(resolution.rankings()).isEmpty();
    assertThat(resolution.outcomes())
        .extracting(TestConversationTree::code)
        .containsExactly("kept", "tie", "tie");
  }

  private static String code(Outcome outcome) {
    if (outcome instanceof Outcome.Rejected rejected) {
      return rejected.reason().code();
    }

    return outcome instanceof Outcome.Kept ? "kept" : "duplicate";
  }

  private static TreeMessage message(String id, String parent, String role, Integer rank) {
    return new TreeMessage(
        "t",
        id,
        Optional.ofNullable(parent),
        new Message(role, "text of " + id),
        Optional.ofNullable(rank).map(Integer::doubleValue),
        false,
        origin());
  }

  private static Origin origin() {
    return new Origin("oasst", Optional.empty(), 1);
  }
}
