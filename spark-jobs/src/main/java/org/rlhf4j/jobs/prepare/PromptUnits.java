package org.rlhf4j.jobs.prepare;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.raw.DatasetRecord;
import org.rlhf4j.data.raw.RawRecord;
import org.rlhf4j.data.similarity.Shingles;
import org.rlhf4j.data.similarity.Words;
import org.rlhf4j.jobs.prepare.similar.SimilarTexts;

/** The text of each prompt once, from rows in the order of their groups. */
final class PromptUnits implements Iterator<Row> {
  private final Iterator<Row> rows;
  private final RowIngest ingest;
  private String group = "";
  private Row found;

  PromptUnits(Iterator<Row> rows, RowIngest ingest) {
    this.rows = rows;
    this.ingest = ingest;
  }

  /** The first 64 bits of an id; ten million ids have a pair in common once in 300,000 times. */
  static long shortId(String id) {
    return Long.parseUnsignedLong(id.substring(0, Long.BYTES * 2), 16);
  }

  static int[] shingles(String text) {
    return Shingles.of(Words.of(text));
  }

  @Override
  public boolean hasNext() {
    while (found == null && rows.hasNext()) {
      Row row = rows.next();
      if (!row.getString(0).equals(group)) {
        group = row.getString(0);
        found = unit(row);
      }
    }

    return found != null;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No more prompts");
    }

    Row result = found;
    found = null;
    return result;
  }

  private Row unit(Row row) {
    DatasetRecord record = ingest.record(Candidate.fromRow(row));
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
