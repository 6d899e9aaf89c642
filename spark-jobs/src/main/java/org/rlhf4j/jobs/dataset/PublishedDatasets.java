package org.rlhf4j.jobs.dataset;

import static org.rlhf4j.jobs.JobException.badInput;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.jobs.dataset.Manifest.DataFile;

/** Manifests: finding, checking and replacing them. Readers trust nothing else. */
final class PublishedDatasets {
  /** Files of this form are ours to delete; anything else in a directory is left alone. */
  private static final String OWN_FILES = "part-\\d{5}-.*|_temporary|_SUCCESS";

  /** Files whose hash this JVM knows, so that reading them costs no second pass. */
  private static final Set<VerifiedFile> VERIFIED = ConcurrentHashMap.newKeySet();

  private record VerifiedFile(String path, long bytes, long modified, String sha256) {}

  private final JavaSparkContext spark;
  private final Storage storage;

  PublishedDatasets(JavaSparkContext spark) {
    this.spark = spark;
    this.storage = new Storage(spark.hadoopConfiguration());
  }

  /** The manifest of a directory; empty if nothing is published there. */
  Optional<Manifest> manifest(Path directory) {
    Path file = new Path(directory, Manifest.FILE_NAME);
    if (!storage.exists(file)) {
      return Optional.empty();
    }

    return Manifest.parse(storage.readText(file));
  }

  /** Names of data files now in the directory, published or not. */
  Set<String> dataFiles(Path directory) {
    return storage.list(directory).stream()
        .filter(FileStatus::isFile)
        .map(status -> status.getPath().getName())
        .filter(name -> name.startsWith("part-"))
        .collect(Collectors.toSet());
  }

  /** Removes what an attempt without a manifest left behind. */
  void removeLeftovers(Path directory) {
    for (FileStatus status : storage.list(directory)) {
      if (status.getPath().getName().matches(OWN_FILES)) {
        storage.delete(status.getPath());
      }
    }
  }

  void unpublish(Path directory) {
    storage.delete(new Path(directory, Manifest.FILE_NAME));
    removeLeftovers(directory);
  }

  void removeFiles(Path directory, Set<String> names) {
    names.forEach(name -> storage.delete(new Path(directory, name)));
  }

  /**
   * @param manifest whose hashes were taken from the files as they lie there
   */
  void publish(Path directory, Manifest manifest) {
    storage.replaceText(new Path(directory, Manifest.FILE_NAME), manifest.toJson());
    Map<String, FileStatus> found = statuses(directory);
    manifest.files().forEach(file -> VERIFIED.add(verified(found.get(file.path()), file)));
  }

  private Map<String, FileStatus> statuses(Path directory) {
    return storage.list(directory).stream()
        .collect(Collectors.toMap(s -> s.getPath().getName(), Function.identity()));
  }

  /**
   * @throws org.rlhf4j.jobs.JobException if a file is missing or differs from the manifest, or the
   *     directory holds another dataset
   */
  void verify(Path directory, Manifest manifest, DatasetSchema<?> schema) {
    if (!manifest.dataset().equals(schema.name())) {
      throw badInput(
          "%s holds the dataset %s, but %s is needed here; give another input.",
          directory, manifest.dataset(), schema.name());
    }

    if (manifest.schemaVersion() > schema.version()) {
      throw badInput(
          "%s has schema version %d of %s, but this release reads up to %d; use a newer release.",
          directory, manifest.schemaVersion(), schema.name(), schema.version());
    }

    verifyFiles(directory, manifest);
  }

  private void verifyFiles(Path directory, Manifest manifest) {
    Map<String, FileStatus> found = statuses(directory);
    for (DataFile file : manifest.files()) {
      FileStatus status = found.get(file.path());
      if (status == null || status.getLen() != file.bytes()) {
        throw changed(directory, file);
      }
    }

    List<DataFile> unverified =
        manifest.files().stream()
            .filter(file -> !VERIFIED.contains(verified(found.get(file.path()), file)))
            .toList();
    Map<String, String> hashes = hashes(directory, unverified);
    for (DataFile file : unverified) {
      if (!file.sha256().equals(hashes.get(file.path()))) {
        throw changed(directory, file);
      }

      VERIFIED.add(verified(found.get(file.path()), file));
    }
  }

  private Map<String, String> hashes(Path directory, List<DataFile> files) {
    try {
      List<String> names = files.stream().map(DataFile::path).toList();
      return DataFileDigest.ofAll(spark, directory.toString(), names).stream()
          .collect(Collectors.toMap(DataFile::path, DataFile::sha256));
    } catch (Exception e) {
      if (e instanceof SparkException) { // thrown, but undeclared in Spark's Java API
        throw badInput(
            "Dataset %s cannot be read back: %s; make it again.", directory, rootMessage(e));
      }

      throw e;
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }

    return root.getMessage();
  }

  private static VerifiedFile verified(FileStatus status, DataFile file) {
    return new VerifiedFile(
        status.getPath().toString(), status.getLen(), status.getModificationTime(), file.sha256());
  }

  private static RuntimeException changed(Path directory, DataFile file) {
    return badInput(
        "File %s of dataset %s is missing or has changed since it was published; make the dataset"
            + " again.",
        file.path(), directory);
  }
}
