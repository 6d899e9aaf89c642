package org.rlhf4j.jobs.quality;

import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.jobs.dataset.Datasets;

/** Publishes datasets under one output directory. */
record Publisher(Datasets datasets, String producer, List<String> inputs, String output) {
  /** Under its own name; returns the rows published. */
  <R extends Record> long publish(Class<R> dataset, JavaRDD<R> rows) {
    return publish(DatasetSchema.of(dataset).name(), dataset, rows);
  }

  <R extends Record> long publish(String directory, Class<R> dataset, JavaRDD<R> rows) {
    return datasets.publish(
        new Path(output, directory).toString(), dataset, rows, producer, inputs);
  }

  /** Takes a dataset back, if it is there. */
  void unpublish(String directory) {
    datasets.unpublish(new Path(output, directory).toString());
  }
}
