package org.rlhf4j.jobs.demo;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a reply says, sentence by sentence, and how much of it is not understood. */
final class ReplyReading {
  private static final Pattern SENTENCE = Pattern.compile("[^.!?]*[.!?]+|[^.!?]+$");
  private static final Pattern GREETING = Pattern.compile("(?:hello|hi|good day)(?: (\\w+))?");
  private static final Pattern STATEMENT = Pattern.compile("([\\w ]+) is (\\w+)");
  private static final Set<String> FILLERS = plain(Phrases.FILLERS);
  private static final Set<String> RUDE = plain(Phrases.RUDE);
  private static final Set<String> EVASIONS = plain(Phrases.EVASIONS);
  private static final Set<String> FAREWELLS = plain(Phrases.FAREWELLS);
  private static final Set<String> NAMES = plain(Request.NAMES);
  private static final Set<String> ANSWERS =
      plain(
          Stream.concat(Knowledge.FACTS.stream().map(Fact::answer), Phrases.GUESSES.stream())
              .toList());

  /** Answers to the question that was asked, lower case. */
  final Set<String> answers = new HashSet<>();

  int words;
  int greetings;
  int fillers;
  int rude;
  int evasions;
  int farewells;
  int answerSentences;
  int offTopic;
  int unknown;
  boolean namesSubject;
  boolean namesUser;
  boolean namesSomebodyElse;

  private ReplyReading() {}

  static ReplyReading of(Request request, String response) {
    ReplyReading reading = new ReplyReading();
    Matcher sentences = SENTENCE.matcher(response.strip());
    while (sentences.find()) {
      String sentence = sentences.group();
      String plain = plain(sentence);
      reading.words += plain.isEmpty() ? 1 : plain.split(" ").length;
      boolean finished = sentence.matches("(?s).*[^.!?][.!?]");
      if (!finished || !reading.understands(request, plain)) {
        reading.unknown++;
      }
    }
    return reading;
  }

  private boolean understands(Request request, String sentence) {
    if (FILLERS.contains(sentence)) {
      fillers++;
    } else if (RUDE.contains(sentence)) {
      rude++;
    } else if (EVASIONS.contains(sentence)) {
      evasions++;
    } else if (FAREWELLS.contains(sentence)) {
      farewells++;
    } else {
      return understandsGreeting(request, sentence) || understandsAnswer(request, sentence);
    }
    return true;
  }

  private boolean understandsGreeting(Request request, String sentence) {
    Matcher greeting = GREETING.matcher(sentence);
    if (!greeting.matches()) {
      return false;
    }
    String named = greeting.group(1);
    if (named != null && !NAMES.contains(named)) {
      return false;
    }
    greetings++;
    boolean isUser =
        named != null && request.name().map(name -> plain(name).equals(named)).orElse(false);
    namesUser |= isUser;
    namesSomebodyElse |= named != null && !isUser;
    return true;
  }

  private boolean understandsAnswer(Request request, String sentence) {
    Matcher statement = STATEMENT.matcher(sentence);
    String answer = statement.matches() ? statement.group(2) : sentence;
    String subject = statement.matches() ? statement.group(1) : "it";
    if (!ANSWERS.contains(answer)) {
      return false;
    }
    if (subject.equals("it")) {
      answerSentences++;
      answers.add(answer);
      return true;
    }
    Optional<Fact> fact = Knowledge.about(subject);
    if (fact.isPresent() && fact.equals(request.fact())) {
      answerSentences++;
      answers.add(answer);
      namesSubject = true;
      return true;
    }
    if (fact.isPresent()) {
      offTopic++;
    }
    return fact.isPresent();
  }

  /** Sentences that say again what one sentence of the kind has said. */
  int repetitions() {
    return Stream.of(greetings, farewells, answerSentences, fillers, evasions)
        .mapToInt(count -> Math.max(0, count - 1))
        .sum();
  }

  /** Lower case, without punctuation, single spaces. */
  private static String plain(String sentence) {
    return sentence
        .toLowerCase(Locale.ROOT)
        .replaceAll("[.!?]+$", "")
        .strip()
        .replaceAll("\\s+", " ");
  }

  private static Set<String> plain(List<String> sentences) {
    return sentences.stream().map(ReplyReading::plain).collect(Collectors.toUnmodifiableSet());
  }
}
