package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.rlhf4j.data.dataset.ItemVotes;

/**
 * One item with its votes, at most one of each annotator, in the order of the annotators.
 *
 * @param gold the right label, or an empty text if it is not known
 */
record VotedItem(String item, List<String> annotators, List<String> labels, String gold)
    implements Serializable {

  /** From a row (item, array of (annotator, label), gold). */
  static VotedItem fromRow(Row row) {
    List<Row> votes = row.getList(1);
    return new VotedItem(
        row.getString(0),
        votes.stream().map(vote -> vote.getString(0)).toList(),
        votes.stream().map(vote -> vote.getString(1)).toList(),
        row.isNullAt(2) ? "" : row.getString(2));
  }

  Optional<String> knownLabel() {
    return gold.isEmpty() ? Optional.empty() : Optional.of(gold);
  }

  /** Votes by label, in the order of the labels. */
  Map<String, Integer> votesByLabel() {
    Map<String, Integer> votes = new TreeMap<>();
    labels.forEach(label -> votes.merge(label, 1, Integer::sum));
    return votes;
  }

  /** Label with most votes, the smaller one of several; and the entropy of the votes, nats. */
  ItemVotes summary() {
    String winner = "";
    int most = 0;
    double entropy = 0;
    for (Map.Entry<String, Integer> entry : votesByLabel().entrySet()) {
      double share = (double) entry.getValue() / labels.size();
      entropy -= share * Math.log(share);
      if (entry.getValue() > most) {
        most = entry.getValue();
        winner = entry.getKey();
      }
    }

    return new ItemVotes(item, winner, Math.max(0, entropy), labels.size());
  }
}
