package org.rlhf4j.jobs.prepare;

import java.util.ArrayList;
import java.util.List;
import org.rlhf4j.data.raw.ConversationTree;
import org.rlhf4j.data.raw.ConversationTree.Outcome;
import org.rlhf4j.data.raw.ConversationTree.RankedReplies;
import org.rlhf4j.data.raw.ConversationTree.Resolution;
import org.rlhf4j.data.raw.RankingJson;
import org.rlhf4j.data.raw.RawRecord.TreeMessage;
import org.rlhf4j.jobs.dataset.RawRow;

/**
 * Decides about the messages of one conversation tree and adds the rankings found in it. Replies
 * whose ranking is refused, as it is too long, are refused with it: they are the rows that a reader
 * can find.
 */
final class TreeResolver {
  private final RowIngest ingest;

  TreeResolver(RowIngest ingest) {
    this.ingest = ingest;
  }

  /** The messages with their outcomes, and their rankings. */
  List<Candidate> resolve(List<Candidate> messages) {
    List<Candidate> resolved = new ArrayList<>();
    List<TreeMessage> tree = messages.stream().map(ingest::treeMessage).toList();
    Resolution resolution = ConversationTree.resolve(tree);
    List<Outcome> outcomes = new ArrayList<>(resolution.outcomes());
    for (RankedReplies ranked : resolution.ranked()) {
      Candidate ranking = derived(ranked, messages);
      if (ranking.outcome().isEmpty()) {
        resolved.add(ranking);
        continue;
      }

      Outcome refused = new Outcome.Rejected(ranking.reason().orElseThrow(), ranking.detail());
      ranked.messages().forEach(reply -> outcomes.set(reply, refused));
    }

    for (int i = 0; i < messages.size(); i++) {
      resolved.add(decided(messages.get(i), outcomes.get(i)));
    }

    return resolved;
  }

  /** The ranking as a row; it stands where its first reply does, as it has no row of its own. */
  private Candidate derived(RankedReplies ranked, List<Candidate> messages) {
    RawRow first = messages.get(ranked.messages().get(0)).raw();
    byte[] json = RankingJson.write(ranked.ranking());
    return ingest.derived(new RawRow(first.file(), first.number(), json, false));
  }

  private static Candidate decided(Candidate message, Outcome outcome) {
    if (outcome instanceof Outcome.Rejected rejected) {
      return message.quarantined(rejected.reason(), rejected.detail());
    }

    return outcome instanceof Outcome.Duplicate ? message.duplicate() : message.kept();
  }
}
