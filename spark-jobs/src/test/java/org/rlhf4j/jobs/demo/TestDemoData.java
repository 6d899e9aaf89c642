package org.rlhf4j.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.data.dataset.Message;

class TestDemoData {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DemoSettings SETTINGS = new DemoSettings(1000, 4000, 0.25, 3, 200, 500);
  private static final long SEED = 3;
  private static final int STANDARD_ERRORS = 4;

  @TempDir static Path directory;

  @BeforeAll
  static void write() {
    new DemoData(SETTINGS, SEED).write(directory.resolve("first").toString());
    new DemoData(SETTINGS, SEED).write(directory.resolve("again").toString());
    new DemoData(SETTINGS, SEED + 1).write(directory.resolve("other").toString());
  }

  @Test
  void sameSeedSameBytes() throws IOException {
    for (String file :
        List.of(
            DemoData.DEMONSTRATIONS, DemoData.PREFERENCES, DemoData.PROMPTS, DemoData.RANKINGS)) {
      Path first = directory.resolve("first").resolve(file);
      assertThat(first).hasSameBinaryContentAs(directory.resolve("again").resolve(file));
      assertThat(Files.mismatch(first, directory.resolve("other").resolve(file))).isNotNegative();
    }
  }

  @Test
  void everyRequestIsUnderstood() throws IOException {
    for (JsonNode row : rows(DemoData.PROMPTS)) {
      String text = row.at("/prompt/0/content").asText();
      assertThat(Request.parse(text).fact()).as(text).isPresent();
      assertThat(Request.parse(text).name().isPresent())
          .as(text)
          .isEqualTo(text.matches("(I am|My name is) \\w+\\. .*|\\w+ here\\. .*"));
    }
  }

  @Test
  void annotatorsAgreeWithGoldAsOftenAsBradleyTerrySays() throws IOException {
    Map<String, Double> surplus = new HashMap<>();
    Map<String, Double> variance = new HashMap<>();
    for (JsonNode row : rows(DemoData.PREFERENCES)) {
      double difference = gold(row, "chosen") - gold(row, "rejected");
      DemoAnnotator annotator =
          DemoAnnotator.ALL.stream()
              .filter(a -> a.name().equals(row.get("annotator").asText()))
              .findFirst()
              .orElseThrow();
      double size = Math.abs(difference);
      double byChoice = 1 / (1 + Math.exp(-size / annotator.temperature()));
      double better = annotator.inattention() / 2 + (1 - annotator.inattention()) * byChoice;
      if (size > 0) {
        surplus.merge(annotator.name(), (difference > 0 ? 1 : 0) - better, Double::sum);
        variance.merge(annotator.name(), better * (1 - better), Double::sum);
      }
    }
    assertThat(surplus).hasSize(DemoAnnotator.ALL.size());
    surplus.forEach(
        (name, sum) ->
            assertThat(Math.abs(sum))
                .as(name)
                .isLessThan(STANDARD_ERRORS * Math.sqrt(variance.get(name))));
  }

  @Test
  void noAnnotatorSeesAPairTwice() throws IOException {
    Set<String> seen = new HashSet<>();
    Map<String, Integer> votes = new HashMap<>();
    for (JsonNode row : rows(DemoData.PREFERENCES)) {
      List<String> replies = new ArrayList<>();
      replies.add(row.get("chosen").asText());
      replies.add(row.get("rejected").asText());
      replies.sort(null);
      String pair = row.get("prompt") + " " + replies;
      seen.add(pair + row.get("annotator"));
      votes.merge(pair, 1, Integer::sum);
    }
    assertThat(seen).hasSameSizeAs(rows(DemoData.PREFERENCES));
    assertThat(votes.values()).contains(SETTINGS.overlapAnnotators());
  }

  private static double gold(JsonNode row, String side) {
    Message request = new Message(Message.USER, row.at("/prompt/0/content").asText());
    return new DemoGold().score(List.of(request), row.get(side).asText());
  }

  private static List<JsonNode> rows(String file) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve("first").resolve(file))) {
      rows.add(JSON.readTree(line));
    }
    return rows;
  }
}
