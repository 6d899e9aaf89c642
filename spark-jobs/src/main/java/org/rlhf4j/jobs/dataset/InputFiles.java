package org.rlhf4j.jobs.dataset;

import static org.rlhf4j.jobs.JobException.badInput;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.InputFile.Compression;
import org.rlhf4j.jobs.dataset.InputFile.Layout;

/** Finds the files that a user's paths, globs and folders stand for, and looks what they are. */
public final class InputFiles {
  private static final int SNIFFED_BYTES = 4096;

  private final Configuration configuration;
  private final Storage storage;

  public InputFiles(Configuration configuration) {
    this.configuration = configuration;
    this.storage = new Storage(configuration);
  }

  /**
   * Files in the order of their paths, each once, empty ones among them. A file that a path or glob
   * names is read, whatever it is called; of folders, those that {@link FolderRule} lets through.
   * What is left out is told in a warning, once per process.
   *
   * @throws org.rlhf4j.jobs.JobException if a path matches nothing, or nothing that is read, or all
   *     files are empty
   */
  public List<InputFile> find(List<String> paths) {
    return select(paths).warnOfLeftOut().files();
  }

  /** The same without the warning. */
  public InputSelection select(List<String> paths) {
    List<FileStatus> read = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (String path : paths) {
      List<FileStatus> matches = storage.glob(path(path));
      if (matches.isEmpty()) {
        throw JobException.missing("Input", path);
      }

      Listing listing = new Listing(new ArrayList<>(), new ArrayList<>());
      matches.forEach(match -> add(match, listing));
      listing.refuseNothingRead(path);
      read.addAll(listing.read());
      leftOut.addAll(listing.leftOut());
    }

    if (!paths.isEmpty() && read.stream().allMatch(status -> status.getLen() == 0)) {
      throw badInput("Input %s is empty; give a file with rows.", String.join(", ", paths));
    }

    return new InputSelection(inspect(read), leftOut.stream().distinct().sorted().toList());
  }

  /** Files of one path, by whether they are read. */
  private record Listing(List<FileStatus> read, List<String> leftOut) {
    void refuseNothingRead(String path) {
      if (read.isEmpty() && !leftOut.isEmpty()) {
        throw badInput(
            "Input %s holds nothing that is read (but %s): %s; rename the files, or name each as an"
                + " input.",
            path, InputSelection.names(leftOut), FolderRule.SENTENCE);
      }
    }
  }

  private static Path path(String text) {
    try {
      return new Path(text);
    } catch (IllegalArgumentException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw badInput("Input \"%s\" is no path: %s; check it.", text, reason.getMessage());
    }
  }

  private void add(FileStatus match, Listing listing) {
    if (match.isFile()) {
      listing.read().add(match);
    } else {
      addFolder(match.getPath(), listing);
    }
  }

  private void addFolder(Path folder, Listing listing) {
    for (FileStatus child : storage.list(folder)) {
      String name = child.getPath().getName();
      if (FolderRule.isHidden(name)) {
        continue;
      }

      if (child.isDirectory() || FolderRule.isRead(name)) {
        add(child, listing);
      } else {
        listing.leftOut().add(InputFile.displayName(child.getPath().toString()));
      }
    }
  }

  private List<InputFile> inspect(List<FileStatus> statuses) {
    return statuses.stream()
        .map(this::inspect)
        .distinct()
        .sorted((a, b) -> a.path().compareTo(b.path()))
        .toList();
  }

  private InputFile inspect(FileStatus status) {
    Path path = status.getPath();
    try (InputStream stored = path.getFileSystem(configuration).open(path)) {
      byte[] head = stored.readNBytes(SNIFFED_BYTES);
      Compression compression = compression(head);
      byte[] content = compression == Compression.NONE ? head : contentHead(path, compression);
      return new InputFile(
          path.toString(), status.getLen(), compression, layout(path.getName(), content));
    } catch (IOException e) {
      throw badInput("Cannot read %s: %s; check the file.", path, e.getMessage());
    }
  }

  private byte[] contentHead(Path path, Compression compression) throws IOException {
    try (InputStream stored = path.getFileSystem(configuration).open(path);
        InputStream content = InputFile.decompressed(stored, compression, configuration)) {
      return content.readNBytes(SNIFFED_BYTES);
    }
  }

  private static Compression compression(byte[] head) {
    if (startsWith(head, 0x1f, 0x8b)) {
      return Compression.GZIP;
    }

    return startsWith(head, 0x28, 0xb5, 0x2f, 0xfd) || isSkippableFrame(head)
        ? Compression.ZSTD
        : Compression.NONE;
  }

  /** A zstd file may begin with notes of whoever wrote it (RFC 8878, section 3.1.2). */
  private static boolean isSkippableFrame(byte[] head) {
    return head.length >= 4
        && (head[0] & 0xf0) == 0x50
        && head[1] == 0x2a
        && head[2] == 0x4d
        && head[3] == 0x18;
  }

  /** What begins like an array is one, unless the name says that the file holds lines. */
  private static Layout layout(String name, byte[] head) {
    if (startsWith(head, 'P', 'A', 'R', '1')) {
      return Layout.PARQUET;
    }

    String lowerCase = name.toLowerCase(Locale.ROOT);
    boolean isNamedLines = lowerCase.contains(".jsonl") || lowerCase.contains(".ndjson");
    int start = firstCharacter(head);
    boolean isArray =
        !isNamedLines
            && start < head.length
            && head[start] == '['
            && ArrayReader.canRead(Arrays.copyOfRange(head, start, head.length));
    return isArray ? Layout.JSON_ARRAY : Layout.JSON_LINES;
  }

  private static int firstCharacter(byte[] head) {
    int start = startsWith(head, 0xef, 0xbb, 0xbf) ? 3 : 0;
    while (start < head.length && Character.isWhitespace(head[start])) {
      start++;
    }

    return start;
  }

  private static boolean startsWith(byte[] head, int... magic) {
    return head.length >= magic.length
        && Arrays.equals(
            magic,
            java.util.stream.IntStream.range(0, magic.length).map(i -> head[i] & 0xff).toArray());
  }
}
