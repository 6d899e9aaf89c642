package org.rlhf4j.jobs.prepare;

import java.nio.charset.StandardCharsets;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.jobs.dataset.RawRow;

/**
 * A first look at all rows: how many there are, and whether any could be a message of a
 * conversation tree, which other rows continue.
 */
record InputScan(long rows, boolean mayHoldTreeMessages) implements java.io.Serializable {
  private static final byte[] MESSAGE_ID = "\"message_id\"".getBytes(StandardCharsets.US_ASCII);
  private static final InputScan NOTHING = new InputScan(0, false);

  static InputScan of(JavaRDD<RawRow> rows) {
    return rows.aggregate(NOTHING, InputScan::plus, InputScan::plus);
  }

  static boolean mayBeTreeMessage(RawRow row) {
    byte[] bytes = row.bytes();
    for (int i = 0; i + MESSAGE_ID.length <= bytes.length; i++) {
      if (bytes[i] == '"' && startsWith(bytes, i)) {
        return true;
      }
    }

    return false;
  }

  private static boolean startsWith(byte[] bytes, int start) {
    for (int i = 1; i < MESSAGE_ID.length; i++) {
      if (bytes[start + i] != MESSAGE_ID[i]) {
        return false;
      }
    }

    return true;
  }

  private InputScan plus(RawRow row) {
    return new InputScan(rows + 1, mayHoldTreeMessages || mayBeTreeMessage(row));
  }

  private InputScan plus(InputScan other) {
    return new InputScan(rows + other.rows, mayHoldTreeMessages || other.mayHoldTreeMessages);
  }
}
