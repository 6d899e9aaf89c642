package org.rlhf4j.data.raw;

import java.util.List;
import org.rlhf4j.data.dataset.Message;

/** A raw record that becomes rows of a dataset on its own. */
public sealed interface DatasetRecord extends RawRecord
    permits RawRecord.Ranking,
        RawRecord.Tree,
        RawRecord.Comparisons,
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

  /** Prompt id, key and verdicts together, for less than they cost one by one. */
  default Identity identity() {
    return new Identity(promptId(), key(), List.of());
  }

  /** Whether anything is left to learn from, after its texts were cut. */
  boolean isUsable();
}
