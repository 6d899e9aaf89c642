package org.rlhf4j.jobs.demo;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a user asks: perhaps with a name, about one fact. */
record Request(Optional<String> name, Optional<Fact> fact) {
  static final List<String> NAMES =
      List.of(
          "Mia", "Noah", "Emma", "Liam", "Lena", "Paul", "Anna", "Jonas", "Clara", "Felix", "Nora",
          "Oscar", "Ada", "Ben", "Ella", "Finn", "Ida", "Karl", "Lily", "Max", "Olga", "Peter",
          "Rosa", "Tom");

  private static final double NAME_SHARE = 0.8;
  private static final List<String> INTRODUCTIONS =
      List.of("I am %s. ", "My name is %s. ", "%s here. ");
  private static final List<String> QUESTIONS =
      List.of("What is %s?", "Do you know %s?", "Please say what %s is.", "Tell me %s.");

  private static final Pattern INTRODUCTION =
      Pattern.compile("^(?:(?:I am|My name is) (\\w+)\\.|(\\w+) here\\.)\\s+");
  private static final List<Pattern> QUESTION_PATTERNS =
      QUESTIONS.stream()
          .map(question -> question.replace("?", "\\?").replace(".", "\\."))
          .map(question -> Pattern.compile(question.replace("%s", "([\\w ]+?)")))
          .toList();

  /** A random request as text. Topics are equally likely, and so are the facts of one topic. */
  static String random(DemoRandom random) {
    String introduction =
        random.chance(NAME_SHARE)
            ? String.format(random.pick(INTRODUCTIONS), random.pick(NAMES))
            : "";
    Fact fact = random.pick(Knowledge.ofTopic(random.pick(Knowledge.TOPICS)));
    return introduction + String.format(random.pick(QUESTIONS), fact.subject());
  }

  /** Reads a request back from its text; what is not understood is empty. */
  static Request parse(String text) {
    String rest = text.strip();
    Optional<String> name = Optional.empty();
    Matcher introduction = INTRODUCTION.matcher(rest);
    if (introduction.find()) {
      String given = introduction.group(1) == null ? introduction.group(2) : introduction.group(1);
      name = Optional.of(given);
      rest = rest.substring(introduction.end());
    }
    for (Pattern question : QUESTION_PATTERNS) {
      Matcher matcher = question.matcher(rest);
      if (matcher.matches()) {
        return new Request(name, Knowledge.about(matcher.group(1)));
      }
    }
    return new Request(name, Optional.empty());
  }
}
