package org.rlhf4j.jobs.train;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.text.TextEncoder;

/** Turns rows of a dataset into examples. */
@FunctionalInterface
interface RowEncoder<R> extends Serializable {
  EncodedRow encode(TextEncoder encoder, R row);

  /** All rows, with the model directory's tokenizer looked up once per task. */
  default JavaRDD<EncodedRow> encodeAll(JavaRDD<R> rows, String modelDirectory) {
    return rows.mapPartitions(partition -> encodeAll(partition, modelDirectory));
  }

  private Iterator<EncodedRow> encodeAll(Iterator<R> rows, String modelDirectory) {
    TextEncoder encoder = ExecutorModels.encoder(modelDirectory);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public EncodedRow next() {
        return encode(encoder, rows.next());
      }
    };
  }
}
