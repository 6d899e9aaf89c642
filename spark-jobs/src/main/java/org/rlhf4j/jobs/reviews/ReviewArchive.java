package org.rlhf4j.jobs.reviews;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.JobException;

/** Reads the sentences of an archive and counts the lines that are none. */
final class ReviewArchive {
  private static final String POSITIVE = ".pos";
  private static final String NEGATIVE = ".neg";

  private final Set<ReviewSentence> sentences = new LinkedHashSet<>();
  private int read;
  private int blank;
  private int invalidUtf8;
  private int duplicates;

  private ReviewArchive() {}

  /**
   * @throws JobException if the file is missing, is no zip, or has no {@code .pos} or no {@code
   *     .neg} sentences
   */
  static ReviewArchive read(String file) {
    ReviewArchive archive = new ReviewArchive();
    Path path = new Path(file);
    try (InputStream in = path.getFileSystem(new Configuration()).open(path);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        archive.add(entry.getName(), zip);
      }
    } catch (IOException e) {
      throw JobException.badInput(
          "Cannot read %s (%s); give the zip of review sentences as pipeline.input.",
          file, e.getMessage());
    }
    for (boolean positive : new boolean[] {true, false}) {
      if (archive.sentences.stream().noneMatch(sentence -> sentence.positive() == positive)) {
        throw JobException.badInput(
            "%s holds no sentences in a file *%s; give the zip of review sentences as pipeline.input.",
            file, positive ? POSITIVE : NEGATIVE);
      }
    }
    return archive;
  }

  List<ReviewSentence> sentences() {
    return new ArrayList<>(sentences);
  }

  ReviewCounts counts(int tooShort, int judge, int model) {
    return new ReviewCounts(read, blank, invalidUtf8, duplicates, tooShort, judge, model);
  }

  private void add(String name, InputStream content) throws IOException {
    if (!name.endsWith(POSITIVE) && !name.endsWith(NEGATIVE)) {
      return;
    }
    byte[] bytes = content.readAllBytes();
    int start = 0;
    for (int end = 0; end < bytes.length; end++) {
      if (bytes[end] == '\n') {
        addLine(ByteBuffer.wrap(bytes, start, end - start), name.endsWith(POSITIVE));
        start = end + 1;
      }
    }
    if (start < bytes.length) {
      addLine(ByteBuffer.wrap(bytes, start, bytes.length - start), name.endsWith(POSITIVE));
    }
  }

  private void addLine(ByteBuffer line, boolean positive) {
    read++;
    Optional<String> text = decode(line);
    if (text.isEmpty()) {
      invalidUtf8++;
      return;
    }
    String words = text.get().strip().replaceAll("\\s+", " ");
    if (words.isEmpty()) {
      blank++;
    } else if (!sentences.add(new ReviewSentence(words, positive))) {
      duplicates++;
    }
  }

  /** A fresh decoder refuses what a {@code String} would silently replace. */
  private static Optional<String> decode(ByteBuffer line) {
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(line).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
