package org.rlhf4j.jobs.dataset;

import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Map;

/**
 * Parquet as Spark writes it, with the same schema and metadata, except that rows with arrays of
 * numbers go straight to their columns ({@link ColumnOutput}): Spark announces each element of an
 * array in five calls, which takes most of the time of writing one.
 */
public final class ColumnFormat extends ParquetFileFormat {
  private static final long serialVersionUID = 1L;

  @Override
  public OutputWriterFactory prepareWrite(
      SparkSession spark, Job job, Map<String, String> options, StructType schema) {
    OutputWriterFactory plain = super.prepareWrite(spark, job, options, schema);
    return ColumnOutput.canWrite(schema) ? new Factory(plain) : plain;
  }

  /** Names files as Spark does. */
  private static final class Factory extends OutputWriterFactory {
    private static final long serialVersionUID = 1L;

    private final OutputWriterFactory plain;

    Factory(OutputWriterFactory plain) {
      this.plain = plain;
    }

    @Override
    public String getFileExtension(TaskAttemptContext context) {
      return plain.getFileExtension(context);
    }

    @Override
    public OutputWriter newInstance(String path, StructType schema, TaskAttemptContext context) {
      return new ColumnOutput(path, schema, context.getConfiguration());
    }
  }
}
