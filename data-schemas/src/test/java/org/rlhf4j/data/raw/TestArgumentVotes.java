package org.rlhf4j.data.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.raw.RawRecord.Vote;
import org.rlhf4j.data.raw.RawResult.Accepted;

/** The votes of UKPConvArg1 with their known counts; skipped where they are absent. */
class TestArgumentVotes {
  private static final Path FOLDER =
      Path.of(System.getProperty("shared.data", "../../shared/data"), "ukp_convarg1_votes");

  @BeforeEach
  void findSharedData() {
    assumeTrue(Files.isDirectory(FOLDER), FOLDER + " is absent");
  }

  @Test
  void everyVoteIsRead() throws IOException {
    List<Vote> votes = read("votes.jsonl.gz");

    assertThat(votes).hasSize(41_750);
    assertThat(votes).filteredOn(v -> v.label().orElseThrow().equals("equal")).hasSize(9_492);
    assertThat(votes.stream().map(Vote::annotator).distinct()).hasSize(2_440);
    assertThat(votes.stream().map(Vote::item).distinct()).hasSize(8_369);
    assertThat(votes.stream().map(v -> v.group().orElseThrow()).distinct()).hasSize(16);
    assertThat(votes).allMatch(v -> v.time().isPresent() && v.options().size() == 2);
  }

  @Test
  void goldIsMissingForSomePairs() throws IOException {
    List<Vote> gold = read("pairs.jsonl.gz");

    assertThat(gold).hasSize(8_369).allMatch(v -> v.annotator().isEmpty());
    assertThat(gold).filteredOn(v -> v.gold().isEmpty()).hasSize(410);
  }

  private static List<Vote> read(String file) throws IOException {
    RawParser parser = RawParser.detecting();
    try (BufferedReader rows =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(FOLDER.resolve(file))),
                StandardCharsets.UTF_8))) {
      return rows.lines()
          .map(row -> (Accepted) parser.parse(row.getBytes(StandardCharsets.UTF_8)))
          .map(accepted -> (Vote) accepted.record())
          .toList();
    }
  }
}
