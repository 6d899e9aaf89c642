package org.rlhf4j.jobs.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.rlhf4j.jobs.JobException;

/**
 * One publication of a directory. The files are written aside first: beside a local directory, so
 * that they can be moved in, or on local storage, so that they can be copied. Then the old files go
 * (a marker says so, should this be interrupted), the new ones come, are read back, and the
 * manifest follows.
 */
final class Publication {
  /** Stands in a directory while its files are replaced. */
  static final String MARKER = "_publishing";

  private static final String METRICS = "metrics";

  private final Path target;
  private final Configuration configuration;
  private final FileSystem files;
  private final boolean local;

  Publication(Path target, Configuration configuration) throws IOException {
    this.files = HadoopPaths.fileSystem(target, configuration);
    this.target = files.makeQualified(target);
    this.configuration = configuration;
    this.local = HadoopPaths.isLocal(target, configuration);
  }

  Path run(CheckpointStore.DirectoryWriter writer) throws IOException {
    checkReplaceable();
    java.nio.file.Path aside = aside();
    try {
      writer.writeTo(aside);
      retire(files, target);
      install(aside);
      publishManifest();
    } finally {
      HadoopPaths.deleteLocal(aside);
    }
    return target;
  }

  /** Only what was published here before, or left by a killed writer, may be replaced. */
  private void checkReplaceable() throws IOException {
    if (!files.exists(target)) {
      return;
    }
    if (!files.getFileStatus(target).isDirectory()) {
      throw JobException.badInput("Output %s is a file; choose another path", target);
    }
    if (files.exists(new Path(target, MARKER)) || files.exists(new Path(target, Manifest.NAME))) {
      return;
    }
    for (FileStatus status : files.listStatus(target)) {
      if (!status.getPath().getName().equals(METRICS)) {
        throw JobException.badInput(
            "Output directory %s holds other files; choose another or empty it", target);
      }
    }
  }

  private java.nio.file.Path aside() throws IOException {
    if (!local) {
      return Files.createTempDirectory("rlhf4j-publishing-");
    }
    java.nio.file.Path directory = HadoopPaths.local(target);
    java.nio.file.Path aside =
        directory.resolveSibling("." + directory.getFileName() + ".publishing");
    HadoopPaths.deleteLocal(aside);
    return Files.createDirectories(aside);
  }

  /** Removes what counts, then the rest, {@code metrics} apart; may be interrupted anywhere. */
  static void retire(FileSystem files, Path directory) throws IOException {
    if (!files.exists(directory)) {
      return;
    }
    write(files, new Path(directory, MARKER), new byte[0]);
    files.delete(new Path(directory, Manifest.NAME), false);
    for (FileStatus status : files.listStatus(directory)) {
      String name = status.getPath().getName();
      if (!name.equals(MARKER) && !name.equals(METRICS)) {
        files.delete(status.getPath(), true);
      }
    }
  }

  private void install(java.nio.file.Path aside) throws IOException {
    files.mkdirs(target);
    write(files, new Path(target, MARKER), new byte[0]);
    Path root = new Path(aside.toUri());
    FileSystem source = HadoopPaths.fileSystem(root, configuration);
    for (FileStatus file : HadoopPaths.files(source, root)) {
      String relative = HadoopPaths.relative(root, file.getPath());
      Path installed = new Path(target, relative);
      files.mkdirs(installed.getParent());
      if (local) {
        moveLocal(aside.resolve(relative), HadoopPaths.local(installed));
      } else {
        copy(aside.resolve(relative), installed);
      }
    }
  }

  private static void moveLocal(java.nio.file.Path from, java.nio.file.Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private void copy(java.nio.file.Path from, Path to) throws IOException {
    try (FSDataOutputStream output = files.create(to, true)) {
      Files.copy(from, output);
      synchronise(output);
    }
  }

  private void publishManifest() throws IOException {
    List<Manifest.Entry> entries = new ArrayList<>();
    for (FileStatus file : HadoopPaths.files(files, target)) {
      String relative = HadoopPaths.relative(target, file.getPath());
      if (!relative.equals(MARKER)) {
        String hash = Verification.hash(files, file.getPath());
        entries.add(new Manifest.Entry(relative, hash, file.getLen()));
      }
    }
    Path partial = new Path(target, "." + Manifest.NAME + ".partial");
    write(
        files,
        partial,
        Manifest.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(new Manifest(entries)));
    if (!files.rename(partial, new Path(target, Manifest.NAME))) {
      throw new IOException("its manifest could not be renamed");
    }
    // Last: a directory without manifest and marker would pass for a user's own.
    files.delete(new Path(target, MARKER), false);
  }

  private static void write(FileSystem files, Path path, byte[] bytes) throws IOException {
    try (FSDataOutputStream output = files.create(path, true)) {
      output.write(bytes);
      synchronise(output);
    }
  }

  private static void synchronise(FSDataOutputStream output) throws IOException {
    if (output.hasCapability(StreamCapabilities.HSYNC)) {
      output.hsync();
    }
  }
}
