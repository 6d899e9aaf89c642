package org.rlhf4j.jobs.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.rlhf4j.data.dataset.Message;
import scala.collection.Seq;

/** Arrays in the forms Spark hands them out: Scala sequences after decoding, Java arrays before. */
final class SparkArrays {
  private SparkArrays() {}

  static int[] ints(Object array) {
    if (array instanceof int[] ints) {
      return ints;
    }

    Seq<?> sequence = (Seq<?>) array;
    int[] values = new int[sequence.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (Integer) sequence.apply(i);
    }

    return values;
  }

  static float[] floats(Object array) {
    if (array instanceof float[] floats) {
      return floats;
    }

    Seq<?> sequence = (Seq<?>) array;
    float[] values = new float[sequence.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (Float) sequence.apply(i);
    }

    return values;
  }

  static List<Message> messages(Object array) {
    if (array instanceof Object[] rows) {
      return Arrays.stream(rows).map(row -> message((Row) row)).toList();
    }

    Seq<?> sequence = (Seq<?>) array;
    List<Message> messages = new ArrayList<>(sequence.size());
    for (int i = 0; i < sequence.size(); i++) {
      messages.add(message((Row) sequence.apply(i)));
    }

    return List.copyOf(messages);
  }

  private static Message message(Row row) {
    return new Message(row.getString(0), row.getString(1));
  }
}
