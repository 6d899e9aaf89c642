package org.rlhf4j.data.raw;

import java.util.List;
import org.rlhf4j.data.dataset.Message;

/** A raw record that becomes rows of a dataset on its own. */
public sealed interface DatasetRecord extends RawRecord
    permits RawRecord.Ranking,
        RawRecord.Tree,
        RawRecord.RatedResponse,
        RawRecord.DemonstratedResponse,
        RawRecord.PlainPrompt {

  /** Record type of the dataset its rows belong to. */
  Class<? extends Record> dataset();

  /** The turns before the response; of a tree, its first prompt; empty for plain text. */
  List<Message> prompt();

  /** Id of the prompt; for a tree, of its first prompt. */
  String promptId();

  /** Two records of one dataset with the same key say the same: one of them is a duplicate. */
  String key();

  /** By what its near-duplicates are found. */
  Likeness likeness();

  /** What it says of pairs of responses; empty where it cannot contradict another record. */
  default List<Verdict> verdicts() {
    return List.of();
  }

  /** Whether anything is left to learn from, after its texts were cut. */
  boolean isUsable();
}
