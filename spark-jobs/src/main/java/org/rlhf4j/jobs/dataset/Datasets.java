package org.rlhf4j.jobs.dataset;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.jobs.dataset.Manifest.DataFile;

/**
 * Publishes and reads datasets: files first, {@code _manifest.json} last; no manifest, no dataset.
 *
 * <p>Readers use the files of the manifest and nothing else, so that what a failed or concurrent
 * attempt leaves in a directory is never read. That is the idea of Iceberg's table metadata [1] at
 * the size of one file, and it needs neither an atomic directory rename nor a special committer.
 *
 * <p>[1] https://iceberg.apache.org/docs/latest/reliability
 */
public final class Datasets {
  /** Format of the files of a dataset. */
  public enum OutputFormat {
    PARQUET,
    JSONL
  }

  private static final Pattern PART_FILE = Pattern.compile("part-(\\d+)-");

  private final SparkSession spark;
  private final OutputFormat format;
  private final PublishedDatasets published;
  private final PlainFiles plainFiles;

  public Datasets(SparkSession spark, OutputFormat format) {
    this.spark = spark;
    this.format = format;
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.published = new PublishedDatasets(context);
    this.plainFiles = new PlainFiles(spark);
  }

  /**
   * Writes the rows under {@code directory} and publishes them. Leftovers of an attempt that was
   * never published are removed first; a dataset that is already published there stays readable
   * until the new manifest replaces the old one, so it may be an input of {@code rows}.
   *
   * @param producer stage that wrote it
   * @param inputs directories of the datasets or models it was made from
   * @return rows written, as counted in the committed files
   */
  public <R extends Record> long publish(
      String directory, Class<R> record, JavaRDD<R> rows, String producer, List<String> inputs) {
    return publish(directory, record, rows, producer, inputs, UnaryOperator.identity());
  }

  /**
   * The same with the tokens of each file in the manifest.
   *
   * @param tokens of each partition of the rows, [partitions]
   */
  public <R extends Record> long publish(
      String directory,
      Class<R> record,
      JavaRDD<R> rows,
      String producer,
      List<String> inputs,
      long[] tokens) {
    return publish(
        directory,
        record,
        rows,
        producer,
        inputs,
        file -> file.withTokens(tokens[partition(file.path())]));
  }

  private <R extends Record> long publish(
      String directory,
      Class<R> record,
      JavaRDD<R> rows,
      String producer,
      List<String> inputs,
      UnaryOperator<DataFile> described) {
    Path path = new Path(directory);
    if (published.manifest(path).isEmpty()) {
      published.removeLeftovers(path);
    }

    Set<String> oldFiles = published.dataFiles(path);
    write(directory, RecordCodec.of(record), rows);
    Set<String> newFiles = new TreeSet<>(published.dataFiles(path));
    newFiles.removeAll(oldFiles);

    Manifest manifest =
        manifest(directory, record, List.copyOf(newFiles), producer, inputs, described);
    published.publish(path, manifest);
    published.removeFiles(path, oldFiles);
    return manifest.rows();
  }

  /**
   * Reads a published dataset (its directory, or a directory that holds it under its own name), or
   * plain files with its columns. No order is promised.
   *
   * @throws org.rlhf4j.jobs.JobException if it is missing, empty, unpublished, changed since, or
   *     lacks a required column
   */
  public <R extends Record> JavaRDD<R> read(String path, Class<R> record) {
    Optional<Path> directory = publishedDirectory(path, record);
    if (directory.isEmpty()) {
      return plainFiles.read(path, record);
    }

    RecordCodec<R> codec = RecordCodec.of(record);
    return readPublished(directory.get(), record)
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .map(codec::fromRow);
  }

  /** The same as a Spark dataset with the schema's columns. */
  public <R extends Record> Dataset<Row> readRows(String path, Class<R> record) {
    Optional<Path> directory = publishedDirectory(path, record);
    if (directory.isPresent()) {
      return readPublished(directory.get(), record);
    }

    RecordCodec<R> codec = RecordCodec.of(record);
    return frame(plainFiles.read(path, record), codec);
  }

  /**
   * Files of a published dataset, or a user's own; for rows whose place in a file matters.
   *
   * @throws org.rlhf4j.jobs.JobException as {@link #read}, the columns apart
   */
  public <R extends Record> List<InputFile> files(String path, Class<R> record) {
    Optional<Path> directory = publishedDirectory(path, record);
    if (directory.isEmpty()) {
      return plainFiles.find(path, record);
    }
    List<String> files = verifiedFiles(directory.get(), record);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return files.isEmpty() ? List.of() : new InputFiles(context.hadoopConfiguration()).find(files);
  }

  /** Whether a path is, or holds under its own name, a published dataset of this kind. */
  public <R extends Record> boolean holds(String path, Class<R> record) {
    return publishedDirectory(path, record)
        .flatMap(published::manifest)
        .filter(manifest -> manifest.dataset().equals(schemaName(record)))
        .isPresent();
  }

  public boolean isPublished(String directory) {
    return published.manifest(new Path(directory)).isPresent();
  }

  /** Takes a dataset back: its manifest first, then its files. Nothing else is touched. */
  public void unpublish(String directory) {
    published.unpublish(new Path(directory));
  }

  /** The manifest of a directory; empty if nothing is published there. */
  public Optional<Manifest> manifest(String directory) {
    return published.manifest(new Path(directory));
  }

  private <R extends Record> Dataset<Row> frame(JavaRDD<R> rows, RecordCodec<R> codec) {
    return spark.internalCreateDataFrame(rows.map(codec::toRow).rdd(), codec.schema(), false);
  }

  /**
   * Each column has one encoding, as pages of version 2 without dictionaries have: the footer lists
   * several in the order of their identity hashes, so the same rows would have another SHA-256 in
   * each JVM.
   */
  private <R extends Record> void write(String directory, RecordCodec<R> codec, JavaRDD<R> rows) {
    frame(rows, codec)
        .write()
        .mode(SaveMode.Append)
        .format(format == OutputFormat.PARQUET ? ColumnFormat.class.getName() : "json")
        .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
        .option("parquet.writer.version", "PARQUET_2_0")
        .option("parquet.enable.dictionary", "false")
        .save(directory);
  }

  private <R extends Record> Manifest manifest(
      String directory,
      Class<R> record,
      List<String> files,
      String producer,
      List<String> inputs,
      UnaryOperator<DataFile> described) {
    DatasetSchema<R> schema = DatasetSchema.of(record);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<DataFile> digests =
        DataFileDigest.ofAll(context, directory, files).stream().map(described).toList();
    long rows = digests.stream().mapToLong(DataFile::rows).sum();
    return new Manifest(schema.name(), rows, schema.version(), digests, producer, inputs);
  }

  /** The partition that Spark wrote into a file. */
  private static int partition(String file) {
    Matcher name = PART_FILE.matcher(file);
    if (!name.lookingAt()) {
      throw new IllegalStateException("Spark named a file " + file);
    }

    return Integer.parseInt(name.group(1));
  }

  private <R extends Record> Optional<Path> publishedDirectory(String path, Class<R> record) {
    for (Path candidate : List.of(new Path(path), new Path(path, schemaName(record)))) {
      if (published.manifest(candidate).isPresent()) {
        return Optional.of(candidate);
      }
    }

    return Optional.empty();
  }

  private static String schemaName(Class<? extends Record> record) {
    return DatasetSchema.of(record).name();
  }

  private <R extends Record> List<String> verifiedFiles(Path directory, Class<R> record) {
    Manifest manifest = published.manifest(directory).orElseThrow();
    published.verify(directory, manifest, DatasetSchema.of(record));
    return manifest.files().stream()
        .map(file -> new Path(directory, file.path()).toString())
        .toList();
  }

  private <R extends Record> Dataset<Row> readPublished(Path directory, Class<R> record) {
    StructType schema = RecordCodec.of(record).schema();
    String[] files = verifiedFiles(directory, record).toArray(String[]::new);
    if (files.length == 0) {
      return spark.createDataFrame(List.of(), schema);
    }

    boolean isParquet = files[0].endsWith(".parquet");
    Dataset<Row> rows =
        isParquet
            ? spark.read().schema(schema).parquet(files)
            : frame(plainFiles.jsonLines(List.of(files), record), RecordCodec.of(record));
    Column[] columns =
        Arrays.stream(schema.fields())
            .map(StructField::name)
            .map(functions::col)
            .toArray(Column[]::new);
    return rows.select(columns);
  }
}
