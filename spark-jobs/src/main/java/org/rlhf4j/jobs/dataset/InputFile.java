package org.rlhf4j.jobs.dataset;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.GzipCodec;

/**
 * One raw file a user gave.
 *
 * @param path with its scheme
 * @param bytes size in storage
 */
public record InputFile(String path, long bytes, Compression compression, Layout layout)
    implements Serializable {

  /** How the bytes are compressed, by their first bytes and not by the file's name. */
  public enum Compression {
    NONE,
    GZIP,
    ZSTD
  }

  /** How rows follow each other. */
  public enum Layout {
    JSON_LINES,
    JSON_ARRAY,
    PARQUET
  }

  /** The path as users write it: local files without their scheme. */
  public String displayName() {
    return displayName(path);
  }

  static String displayName(String path) {
    return path.startsWith("file:") ? path.substring("file:".length()) : path;
  }

  /** Uncompressed lines can be read from any offset on, Parquet from any row group. */
  boolean isSplittable() {
    return compression == Compression.NONE && layout != Layout.JSON_ARRAY;
  }

  /** The bytes from an offset of the stored file on, decompressed. */
  InputStream open(Configuration configuration, long offset) throws IOException {
    Path file = new Path(path);
    FSDataInputStream stored = file.getFileSystem(configuration).open(file);
    stored.seek(offset);
    return decompressed(stored, compression, configuration);
  }

  static InputStream decompressed(
      InputStream stored, Compression compression, Configuration configuration) throws IOException {
    return switch (compression) {
      case NONE -> stored;
      case GZIP -> gzip(stored, configuration);
      case ZSTD -> new ZstdInputStream(new BufferedInputStream(stored)).setContinuous(false);
    };
  }

  /** Hadoop's codec, because the JDK's stops early at some files of several gzip members. */
  private static InputStream gzip(InputStream stored, Configuration configuration)
      throws IOException {
    GzipCodec codec = new GzipCodec();
    codec.setConf(configuration);
    return codec.createInputStream(stored);
  }
}
