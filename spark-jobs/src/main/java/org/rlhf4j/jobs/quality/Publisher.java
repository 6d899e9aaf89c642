package org.rlhf4j.jobs.quality;

import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.jobs.dataset.Datasets;

/** Publishes datasets under one output directory. */
record Publisher(Datasets datasets, String producer, List<String> inputs, String output) {
  /** Rows published. */
  <R extends Record> long publish(Class<R> dataset, JavaRDD<R> rows) {
    String directory = new Path(output, DatasetSchema.of(dataset).name()).toString();
    return datasets.publish(directory, dataset, rows, producer, inputs);
  }
}
