package org.rlhf4j.jobs.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.rlhf4j.jobs.dataset.Manifest.DataFile;

/** Size, hash and rows of data files, as they are found in storage; computed on the executors. */
final class DataFileDigest {
  private static final int BUFFER_BYTES = 1 << 17;

  private DataFileDigest() {}

  /** Digests of files of one directory, in the order given. */
  static List<DataFile> ofAll(JavaSparkContext spark, String directory, List<String> names) {
    if (names.isEmpty()) {
      return List.of();
    }

    Broadcast<SerializableConfiguration> configuration =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    int tasks = Math.min(names.size(), spark.defaultParallelism());
    List<DataFile> files =
        spark
            .parallelize(names, tasks)
            .map(name -> of(new Path(directory, name), configuration.value().value()))
            .collect();
    configuration.destroy();
    return files;
  }

  static DataFile of(Path file, Configuration configuration) throws IOException {
    boolean isParquet = file.getName().endsWith(".parquet");
    MessageDigest sha256 = sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    long bytes = 0;
    long lines = 0;
    try (InputStream in = file.getFileSystem(configuration).open(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sha256.update(buffer, 0, read);
        bytes += read;
        lines += isParquet ? 0 : newlines(buffer, read);
      }
    }

    long rows = isParquet ? parquetRows(file, configuration) : lines;
    return new DataFile(file.getName(), bytes, HexFormat.of().formatHex(sha256.digest()), rows);
  }

  private static long parquetRows(Path file, Configuration configuration) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, configuration))) {
      return reader.getRecordCount();
    }
  }

  private static long newlines(byte[] buffer, int length) {
    long count = 0;
    for (int i = 0; i < length; i++) {
      count += buffer[i] == '\n' ? 1 : 0;
    }

    return count;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
