package org.rlhf4j.jobs.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Golden values: scripts/golden/tokenizer.py, by Python's tokenizers. */
class TestMergeLearner {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/tokenizer");

  @Test
  void learnsTheMergesOfTheReferenceTrainer() throws IOException {
    Map<String, Long> counts = new HashMap<>();
    for (String line : Files.readAllLines(GOLDEN.resolve("corpus.txt"))) {
      WordSplitter.split(line, word -> counts.merge(word, 1L, Long::sum));
    }
    Vocabulary vocabulary = learn(counts, 400);

    JsonNode expected = new ObjectMapper().readTree(GOLDEN.resolve("learned.json").toFile());
    List<Vocabulary.Merge> merges = new ArrayList<>();
    for (JsonNode merge : expected.get("merges")) {
      merges.add(new Vocabulary.Merge(merge.get(0).textValue(), merge.get(1).textValue()));
    }
    assertThat(vocabulary.merges()).isEqualTo(merges);
    assertThat(vocabulary.size()).isEqualTo(expected.get("vocab").size());
    for (int id = 0; id < vocabulary.size(); id++) {
      assertThat(expected.get("vocab").path(vocabulary.tokens().get(id)).asInt(-1)).isEqualTo(id);
    }
  }

  @Test
  void countsOverlappingPairs() {
    // "aaaa" has (a, a) three times; merged left to right it becomes (aa, aa).
    Vocabulary vocabulary = learn(Map.of("aaaa", 5L), 260);
    assertThat(vocabulary.merges())
        .containsExactly(new Vocabulary.Merge("a", "a"), new Vocabulary.Merge("aa", "aa"));
  }

  @Test
  void stopsAtRarePairs() {
    assertThat(learn(Map.of("ab", 1L), 300).merges()).isEmpty();
  }

  private static Vocabulary learn(Map<String, Long> words, int size) {
    Vocabulary vocabulary = new Vocabulary(List.of("<|endoftext|>"));
    MergeLearner learner = new MergeLearner(vocabulary, 2);
    words.forEach(learner::add);
    learner.learn(size);
    return vocabulary;
  }
}
