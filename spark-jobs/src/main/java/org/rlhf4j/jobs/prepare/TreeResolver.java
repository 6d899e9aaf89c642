package org.rlhf4j.jobs.prepare;

import java.util.ArrayList;
import java.util.List;
import org.rlhf4j.data.raw.ConversationTree;
import org.rlhf4j.data.raw.ConversationTree.Outcome;
import org.rlhf4j.data.raw.ConversationTree.Resolution;
import org.rlhf4j.data.raw.RankingJson;
import org.rlhf4j.data.raw.RawRecord.Ranking;
import org.rlhf4j.data.raw.RawRecord.TreeMessage;
import org.rlhf4j.jobs.dataset.RawRow;

/** Decides about the messages of one conversation tree and adds the rankings found in it. */
final class TreeResolver {
  private final RowIngest ingest;

  TreeResolver(RowIngest ingest) {
    this.ingest = ingest;
  }

  /** Candidates that are no tree messages come back as they are. */
  List<Candidate> resolve(List<Candidate> group) {
    List<Candidate> resolved = new ArrayList<>();
    List<Candidate> messages = new ArrayList<>();
    for (Candidate candidate : group) {
      boolean isMessage = candidate.dataset().equals(Candidate.TREE_MESSAGE);
      (isMessage ? messages : resolved).add(candidate);
    }

    List<TreeMessage> tree = messages.stream().map(ingest::treeMessage).toList();
    Resolution resolution = ConversationTree.resolve(tree);
    for (int i = 0; i < messages.size(); i++) {
      resolved.add(decided(messages.get(i), resolution.outcomes().get(i)));
    }

    for (Ranking ranking : resolution.rankings()) {
      String file = messages.get(0).raw().file();
      resolved.add(ingest.derived(new RawRow(file, 0, RankingJson.write(ranking), false)));
    }

    return resolved;
  }

  private static Candidate decided(Candidate message, Outcome outcome) {
    if (outcome instanceof Outcome.Rejected rejected) {
      return message.quarantined(rejected.reason(), rejected.detail());
    }

    return outcome instanceof Outcome.Duplicate ? message.duplicate() : message.kept();
  }
}
