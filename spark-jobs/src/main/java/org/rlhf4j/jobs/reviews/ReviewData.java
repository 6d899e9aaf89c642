package org.rlhf4j.jobs.reviews;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns review sentences into raw files: the beginning of a sentence is the prompt, the rest the
 * response, and of two sentences that begin alike the positive one is preferred.
 *
 * <p>A sentence belongs either to these files or to the judge, by a hash of its text, so that the
 * judge has seen nothing that any model was trained on.
 */
public final class ReviewData {
  /** Raw file of format {@code demonstration}. */
  public static final String DEMONSTRATIONS = "demonstrations.jsonl";

  /** Raw file of format {@code preference}. */
  public static final String PREFERENCES = "preferences.jsonl";

  /** Raw file of format {@code prompt}. */
  public static final String PROMPTS = "prompts.jsonl";

  /** Folder of what only the judge may read. */
  static final String JUDGE = "judge";

  /** Sentences of the judge, in its folder. */
  static final String SENTENCES = "sentences.jsonl";

  private static final String COUNTS = "import.json";
  private static final String SOURCE = "reviews";
  private static final Logger LOG = LoggerFactory.getLogger(ReviewData.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ReviewSettings settings;
  private final long seed;

  public ReviewData(ReviewSettings settings, long seed) {
    this.settings = settings;
    this.seed = seed;
  }

  /**
   * Writes the raw files, and the judge's sentences and the counts into a folder {@code judge}.
   *
   * @param archiveFile zip with one .pos and one .neg file, a sentence per line, on any Hadoop path
   * @param directory any Hadoop path, made where it is missing
   * @throws JobException if the archive cannot be read or the storage fails
   */
  public ReviewCounts write(String archiveFile, String directory) {
    ReviewArchive archive = ReviewArchive.read(archiveFile);
    List<ReviewSentence> judge = new ArrayList<>();
    List<ReviewSentence> model = new ArrayList<>();
    int tooShort = 0;
    for (ReviewSentence sentence : archive.sentences()) {
      if (sentence.words() <= settings.openingWords()) {
        tooShort++;
      } else if (sentence.draw(seed) < settings.judgeShare()) {
        judge.add(sentence);
      } else {
        model.add(sentence);
      }
    }
    ReviewCounts counts = archive.counts(tooShort, judge.size(), model.size());
    LOG.info("Review sentences: {}", counts);
    try {
      Path root = new Path(directory);
      FileSystem storage = root.getFileSystem(new Configuration());
      writeLines(storage, new Path(root, PROMPTS), prompts(model));
      writeLines(storage, new Path(root, DEMONSTRATIONS), demonstrations(model));
      writeLines(storage, new Path(root, PREFERENCES), preferences(model));
      writeLines(storage, new Path(new Path(root, JUDGE), SENTENCES), judge);
      writeLines(storage, new Path(new Path(root, JUDGE), COUNTS), List.of(counts));
    } catch (IOException e) {
      throw new JobException(
          ExitCode.STORAGE_FAILED,
          String.format(
              "The review data cannot be written to %s (%s); check the path and the space.",
              directory, e.getMessage()),
          e);
    }
    return counts;
  }

  private List<Map<String, Object>> prompts(List<ReviewSentence> sentences) {
    return sentences.stream()
        .map(sentence -> sentence.opening(settings.openingWords()))
        .distinct()
        .map(this::row)
        .toList();
  }

  private List<Map<String, Object>> demonstrations(List<ReviewSentence> sentences) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (ReviewSentence sentence : sentences) {
      Map<String, Object> row = row(sentence.opening(settings.openingWords()));
      row.put("completion", sentence.continuation(settings.openingWords()));
      rows.add(row);
    }
    return rows;
  }

  private List<Map<String, Object>> preferences(List<ReviewSentence> sentences) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (ReviewPair pair :
        ReviewPair.of(sentences, settings.openingWords(), settings.pairsPerSentence())) {
      Map<String, Object> row = row(pair.chosen().opening(pair.openingWords()));
      row.put("chosen", pair.chosen().continuation(pair.openingWords()));
      row.put("rejected", pair.rejected().continuation(pair.openingWords()));
      rows.add(row);
    }
    return rows;
  }

  private Map<String, Object> row(String prompt) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("prompt", prompt);
    row.put("source", SOURCE);
    return row;
  }

  private static void writeLines(FileSystem storage, Path file, List<?> rows) throws IOException {
    try (OutputStream out = storage.create(file, true)) {
      for (Object row : rows) {
        out.write((JSON.writeValueAsString(row) + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
