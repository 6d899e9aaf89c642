package org.rlhf4j.jobs.prepare.similar;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows that were computed once and are read several times. Unlike those of {@code
 * Dataset.persist()} they carry no plan: plans of plans grow without bound in an iteration, and
 * Spark writes each of them down.
 */
final class StoredRows implements AutoCloseable {
  private final JavaRDD<Row> stored;
  private final Dataset<Row> rows;

  StoredRows(Dataset<Row> computed) {
    StructType schema = computed.schema();
    stored = computed.javaRDD().persist(StorageLevel.MEMORY_AND_DISK());
    rows = computed.sparkSession().createDataFrame(stored, schema);
  }

  Dataset<Row> rows() {
    return rows;
  }

  @Override
  public void close() {
    stored.unpersist(false);
  }
}
