package org.rlhf4j.jobs.prepare;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.raw.DatasetRecord;
import org.rlhf4j.data.raw.Identity;
import org.rlhf4j.data.raw.RawFormat;
import org.rlhf4j.data.raw.RawResult;
import org.rlhf4j.data.raw.Reason;
import org.rlhf4j.data.raw.Verdict;
import org.rlhf4j.data.similarity.Hashes;
import org.rlhf4j.jobs.dataset.RawRow;

/**
 * One raw row on its way through the job: where it stands, what it was read as, by which keys it is
 * compared with others, and what was decided about it. The row itself stays as its raw bytes, which
 * are smaller and cheaper to shuffle than what they mean.
 *
 * @param group rows of one group are compared with each other: prompt id, tree id, or a hash of the
 *     bytes for a row that was not understood
 * @param dataset dataset its rows belong to; empty for refused rows and tree messages
 * @param key of rows that say the same
 * @param fingerprint hash of the bytes: orders rows with one key, apart from where they stand
 * @param isDerived made from other rows, so that it counts as no row of the input
 * @param verdicts comparisons that others may contradict
 * @param signature of the prompt, to find near ones by; empty if none are looked for
 * @param length of what a trainer reads of it, in tokens where there is a tokenizer, else in
 *     characters
 * @param outcome empty as long as it is open
 */
record Candidate(
    String group,
    String dataset,
    String key,
    long fingerprint,
    RawRow raw,
    boolean isDerived,
    String format,
    boolean isTruncated,
    List<Verdict> verdicts,
    byte[] signature,
    Optional<Outcome> outcome,
    Optional<Reason> reason,
    String detail,
    long length) {

  enum Outcome {
    KEPT,
    DUPLICATE,
    /** Another kept row says nearly the same. */
    NEAR_DUPLICATE,
    /** Its prompt is nearly one of another split. */
    OTHER_SPLIT,
    QUARANTINED;

    /** Whether the row counts as a duplicate. */
    boolean isDuplicate() {
      return this == DUPLICATE || this == NEAR_DUPLICATE || this == OTHER_SPLIT;
    }
  }

  static final String TREE_MESSAGE = "tree_message";
  static final byte[] NO_SIGNATURE = {};
  private static final String NONE = "";

  static final int GROUP = 0;
  static final int DATASET = 1;
  static final int KEY = 2;
  static final int FILE = 4;
  static final int NUMBER = 5;
  static final int RAW = 6;
  static final int IS_DERIVED = 8;
  static final int VERDICTS = 11;
  static final int SIGNATURE = 12;
  static final int OUTCOME = 13;
  static final int REASON = 14;
  static final int DETAIL = 15;
  static final int LENGTH = 16;

  static final StructType SCHEMA =
      new StructType()
          .add("group", DataTypes.StringType, false)
          .add("dataset", DataTypes.StringType, false)
          .add("key", DataTypes.StringType, false)
          .add("fingerprint", DataTypes.LongType, false)
          .add("file", DataTypes.StringType, false)
          .add("number", DataTypes.LongType, false)
          .add("raw", DataTypes.BinaryType, false)
          .add("is_cut", DataTypes.BooleanType, false)
          .add("is_derived", DataTypes.BooleanType, false)
          .add("format", DataTypes.StringType, false)
          .add("is_truncated", DataTypes.BooleanType, false)
          .add("verdicts", DataTypes.BinaryType, false)
          .add("signature", DataTypes.BinaryType, false)
          .add("outcome", DataTypes.StringType, false)
          .add("reason", DataTypes.StringType, false)
          .add("detail", DataTypes.StringType, false)
          .add("length", DataTypes.LongType, false);

  static Candidate of(
      RawRow raw,
      RawFormat format,
      DatasetRecord row,
      boolean isTruncated,
      byte[] signature,
      long length) {
    Identity identity = row.identity();
    return new Candidate(
        identity.promptId(),
        DatasetSchema.of(row.dataset()).name(),
        identity.key(),
        Hashes.of(raw.bytes()),
        raw,
        false,
        format.formatName(),
        isTruncated,
        identity.verdicts(),
        signature,
        Optional.empty(),
        Optional.empty(),
        NONE,
        length);
  }

  static Candidate refused(RawRow raw, RawResult.Rejected rejection) {
    return unplaced(raw, bytesId(raw), NONE).quarantined(rejection.reason(), rejection.detail());
  }

  static Candidate treeMessage(RawRow raw, String treeId) {
    return unplaced(raw, RowIds.hash("tree", List.of(treeId)), TREE_MESSAGE);
  }

  /**
   * The same as made from other rows. Its verdicts do not count: the ranks of a tree already sum up
   * several annotators.
   */
  Candidate asDerived() {
    return new Candidate(
        group,
        dataset,
        key,
        fingerprint,
        raw,
        true,
        format,
        isTruncated,
        List.of(),
        signature,
        outcome,
        reason,
        detail,
        length);
  }

  Candidate kept() {
    return decided(Outcome.KEPT, Optional.empty(), NONE);
  }

  Candidate duplicate() {
    return decided(Outcome.DUPLICATE, Optional.empty(), NONE);
  }

  Candidate quarantined(Reason why, String whatIsWrong) {
    return decided(Outcome.QUARANTINED, Optional.of(why), whatIsWrong);
  }

  Row toRow() {
    return RowFactory.create(
        group,
        dataset,
        key,
        fingerprint,
        raw.file(),
        raw.number(),
        raw.bytes(),
        raw.isCut(),
        isDerived,
        format,
        isTruncated,
        encode(verdicts),
        signature,
        outcome.map(Outcome::name).orElse(NONE),
        reason.map(Reason::name).orElse(NONE),
        detail,
        length);
  }

  static Candidate fromRow(Row row) {
    RawRow raw = new RawRow(row.getString(4), row.getLong(5), row.getAs(6), row.getBoolean(7));
    return new Candidate(
        row.getString(0),
        row.getString(1),
        row.getString(2),
        row.getLong(3),
        raw,
        row.getBoolean(8),
        row.getString(9),
        row.getBoolean(10),
        verdicts(row),
        row.getAs(SIGNATURE),
        Optional.of(row.getString(OUTCOME)).filter(name -> !name.isEmpty()).map(Outcome::valueOf),
        Optional.of(row.getString(REASON)).filter(name -> !name.isEmpty()).map(Reason::valueOf),
        row.getString(DETAIL),
        row.getLong(LENGTH));
  }

  private Candidate decided(Outcome what, Optional<Reason> why, String whatIsWrong) {
    return new Candidate(
        group,
        dataset,
        key,
        fingerprint,
        raw,
        isDerived,
        format,
        isTruncated,
        verdicts,
        signature,
        Optional.of(what),
        why,
        whatIsWrong,
        length);
  }

  private static Candidate unplaced(RawRow raw, String group, String dataset) {
    return new Candidate(
        group,
        dataset,
        NONE,
        Hashes.of(raw.bytes()),
        raw,
        false,
        NONE,
        false,
        List.of(),
        NO_SIGNATURE,
        Optional.empty(),
        Optional.empty(),
        NONE,
        0);
  }

  private static String bytesId(RawRow raw) {
    return RowIds.hash("bytes", raw.bytes());
  }

  /** The verdicts of a row of {@link #SCHEMA}. */
  static List<Verdict> verdicts(Row row) {
    ByteBuffer bytes = ByteBuffer.wrap(row.<byte[]>getAs(VERDICTS));
    List<Verdict> verdicts = new ArrayList<>(bytes.remaining() / (2 * Long.BYTES));
    while (bytes.hasRemaining()) {
      verdicts.add(new Verdict(bytes.getLong(), bytes.getLong()));
    }

    return verdicts;
  }

  private static byte[] encode(List<Verdict> verdicts) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES * verdicts.size());
    verdicts.forEach(verdict -> bytes.putLong(verdict.better()).putLong(verdict.worse()));
    return bytes.array();
  }
}
