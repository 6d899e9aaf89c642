package org.rlhf4j.jobs.prepare;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.raw.DatasetRecord;
import org.rlhf4j.data.raw.RawRecord;
import org.rlhf4j.data.similarity.Shingles;
import org.rlhf4j.data.similarity.Words;
import org.rlhf4j.jobs.prepare.similar.SimilarTexts;

/** The texts of prompts, to be compared. */
final class PromptUnits {
  private PromptUnits() {}

  /** The text of each prompt once, from rows in the order of their groups. */
  static Iterator<Row> of(Iterator<Row> rows, RowIngest ingest) {
    return Iterators.stream(new FirstOfGroups(rows))
        .map(row -> unit(row.getString(0), ingest.record(Candidate.fromRow(row))))
        .iterator();
  }

  /** The first 64 bits of an id; ten million ids have a pair in common once in 300,000 times. */
  static long shortId(String id) {
    return Long.parseUnsignedLong(id.substring(0, Long.BYTES * 2), 16);
  }

  static int[] shingles(String text) {
    return Shingles.of(Words.of(text));
  }

  private static Row unit(String group, DatasetRecord record) {
    return SimilarTexts.unit(shortId(group), 0, group, shingles(text(record)));
  }

  /** Contents of all turns, roles apart. */
  private static String text(DatasetRecord record) {
    StringBuilder text = new StringBuilder();
    for (Message message : turns(record)) {
      text.append(message.content()).append('\n');
    }

    return text.toString();
  }

  /** Plain text is its own prompt. */
  private static List<Message> turns(DatasetRecord record) {
    return record.prompt().isEmpty() && record instanceof RawRecord.DemonstratedResponse plain
        ? List.of(Message.text(plain.response()))
        : record.prompt();
  }
}
