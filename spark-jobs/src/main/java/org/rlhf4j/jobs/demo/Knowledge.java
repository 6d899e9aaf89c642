package org.rlhf4j.jobs.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Everything the little world knows. */
final class Knowledge {
  private static final int LARGEST_SUMMAND = 2;
  private static final int LARGEST_PREDECESSOR = 4;

  private static final String[][] CAPITALS = {
    {"France", "Paris"}, {"Italy", "Rome"}, {"Peru", "Lima"}, {"Japan", "Tokyo"}
  };

  private static final String[][] OPPOSITES = {
    {"hot", "cold"}, {"big", "small"}, {"old", "new"}, {"fast", "slow"}
  };

  private static final String[][] COLOURS = {
    {"grass", "green"}, {"snow", "white"}, {"coal", "black"}, {"blood", "red"}
  };

  static final List<Fact> FACTS = facts();

  private static final Map<String, Fact> BY_SUBJECT =
      FACTS.stream().collect(Collectors.toMap(fact -> lower(fact.subject()), fact -> fact));
  private static final Map<String, List<Fact>> BY_TOPIC =
      FACTS.stream()
          .collect(Collectors.groupingBy(Fact::topic, LinkedHashMap::new, Collectors.toList()));
  static final List<String> TOPICS = List.copyOf(BY_TOPIC.keySet());

  private Knowledge() {}

  static List<Fact> ofTopic(String topic) {
    return BY_TOPIC.get(topic);
  }

  /** The fact about a subject, in any case. */
  static Optional<Fact> about(String subject) {
    return Optional.ofNullable(BY_SUBJECT.get(lower(subject)));
  }

  private static List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    for (int a = 1; a <= LARGEST_SUMMAND; a++) {
      for (int b = 1; b <= LARGEST_SUMMAND; b++) {
        facts.add(new Fact("sum", a + " plus " + b, String.valueOf(a + b)));
      }
    }
    for (int a = 1; a <= LARGEST_PREDECESSOR; a++) {
      facts.add(new Fact("next", "the number after " + a, String.valueOf(a + 1)));
    }
    addAll(facts, "capital", "the capital of ", CAPITALS);
    addAll(facts, "opposite", "the opposite of ", OPPOSITES);
    addAll(facts, "colour", "the colour of ", COLOURS);
    return List.copyOf(facts);
  }

  private static void addAll(List<Fact> facts, String topic, String before, String[][] table) {
    for (String[] row : table) {
      facts.add(new Fact(topic, before + row[0], row[1]));
    }
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
