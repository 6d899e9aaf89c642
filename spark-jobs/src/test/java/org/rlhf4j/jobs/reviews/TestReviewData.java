package org.rlhf4j.jobs.reviews;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.jobs.JobException;

class TestReviewData {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SENTENCES = 200;

  @TempDir Path directory;
  private ReviewCounts counts;

  @BeforeEach
  void write() throws IOException {
    Path zip = directory.resolve("reviews.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("reviews/README.txt"));
      writeText(out, "not a sentence of a review\n");
      out.putNextEntry(new ZipEntry("reviews/x.pos"));
      writeText(
          out, sentences("good") + "\nonce  more\t, the same .\nonce more , the same .\nshort .\n");
      out.putNextEntry(new ZipEntry("reviews/x.neg"));
      writeText(out, sentences("bad"));
      out.write(new byte[] {'a', ' ', (byte) 0xE9, ' ', 'b', '\n'});
    }
    ReviewSettings settings = new ReviewSettings(0.5, 2, 3);
    counts = new ReviewData(settings, 1).write(zip.toString(), directory.resolve("raw").toString());
  }

  @Test
  void everyLineIsAccountedFor() {
    assertThat(counts.read()).isEqualTo(2 * SENTENCES + 5);
    assertThat(counts.blank()).isEqualTo(1);
    assertThat(counts.invalidUtf8()).isEqualTo(1);
    assertThat(counts.duplicates()).isEqualTo(1);
    assertThat(counts.tooShort()).isEqualTo(1);
    assertThat(counts.judge() + counts.model()).isEqualTo(2 * SENTENCES + 1);
    assertThat(counts.judge()).isBetween(SENTENCES * 3 / 4, SENTENCES * 5 / 4);
  }

  @Test
  void judgeAndModelShareNoSentence() throws IOException {
    Set<String> judge = new HashSet<>();
    rows("judge/sentences.jsonl").forEach(row -> judge.add(row.get("text").asText()));
    Set<String> model = new HashSet<>();
    for (JsonNode row : rows(ReviewData.DEMONSTRATIONS)) {
      model.add(row.get("prompt").asText() + row.get("completion").asText());
    }
    for (JsonNode row : rows(ReviewData.PREFERENCES)) {
      assertThat(model).contains(row.get("prompt").asText() + row.get("chosen").asText());
      assertThat(model).contains(row.get("prompt").asText() + row.get("rejected").asText());
    }
    assertThat(judge).hasSize(counts.judge()).doesNotContainAnyElementsOf(model);
    assertThat(model).hasSize(counts.model());
  }

  @Test
  void positiveSentenceIsChosen() throws IOException {
    List<JsonNode> pairs = rows(ReviewData.PREFERENCES);
    assertThat(pairs).isNotEmpty();
    for (JsonNode row : pairs) {
      assertThat(row.get("chosen").asText()).contains("good");
      assertThat(row.get("rejected").asText()).contains("bad");
    }
  }

  @Test
  void fileThatIsNoArchiveIsRefused() throws IOException {
    Path text = Files.writeString(directory.resolve("text.zip"), "no zip");
    ReviewData data = new ReviewData(new ReviewSettings(0.5, 2, 3), 1);
    String raw = directory.resolve("other").toString();
    assertThatThrownBy(() -> data.write(text.toString(), raw))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("text.zip holds no sentences")
        .hasMessageContaining("pipeline.input");
    assertThat(directory.resolve("other")).doesNotExist();
  }

  @Test
  void theReviewsOfNltkAreAllRead() {
    Path zip =
        Path.of(System.getProperty("shared.data", "../../shared/data"))
            .resolve("nltk_reviews/sentence_polarity.zip");
    assumeTrue(Files.isRegularFile(zip), zip + " is absent");

    ReviewCounts real =
        new ReviewData(new ReviewSettings(0.5, 2, 3), 1)
            .write(zip.toString(), directory.resolve("real").toString());
    assertThat(real.read()).isEqualTo(10_662);
    assertThat(real.blank() + real.invalidUtf8() + real.duplicates()).isZero();
    assertThat(real.tooShort() + real.judge() + real.model()).isEqualTo(10_662);
  }

  private static String sentences(String adjective) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < SENTENCES; i++) {
      text.append("the film")
          .append(i % 10)
          .append(" is ")
          .append(adjective)
          .append(i)
          .append(" .\n");
    }
    return text.toString();
  }

  private static void writeText(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private List<JsonNode> rows(String file) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve("raw").resolve(file))) {
      rows.add(JSON.readTree(line));
    }
    return rows;
  }
}
