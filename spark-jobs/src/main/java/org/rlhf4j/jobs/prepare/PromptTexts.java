package org.rlhf4j.jobs.prepare;

import java.util.List;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.raw.DatasetRecord;
import org.rlhf4j.data.raw.RawRecord;
import org.rlhf4j.data.similarity.Shingles;
import org.rlhf4j.data.similarity.Words;

/** The texts of prompts, to be compared. */
final class PromptTexts {
  private PromptTexts() {}

  /** The first 64 bits of an id; ten million ids have a pair in common once in 300,000 times. */
  static long shortId(String id) {
    return Long.parseUnsignedLong(id, 0, Long.BYTES * 2, 16);
  }

  /** Shingles of the contents of all turns, roles apart. */
  static int[] shingles(DatasetRecord record) {
    StringBuilder text = new StringBuilder();
    for (Message message : turns(record)) {
      text.append(message.content()).append('\n');
    }

    return shingles(text);
  }

  static int[] shingles(CharSequence text) {
    return Shingles.of(Words.of(text));
  }

  /** Plain text is its own prompt. */
  private static List<Message> turns(DatasetRecord record) {
    return record.prompt().isEmpty() && record instanceof RawRecord.DemonstratedResponse plain
        ? List.of(Message.text(plain.response()))
        : record.prompt();
  }
}
