package org.rlhf4j.jobs.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Somebody who answers requests, well or badly: how often each habit shows is what sets one
 * assistant apart from another.
 *
 * @param greets share of replies that open with a greeting
 * @param usesName share of greetings that carry a name where the user gave one
 * @param confusesName share of those names that are somebody else's
 * @param knows share of answers that are right
 * @param answersInFull share of answers that repeat the subject
 * @param evades share of replies without an answer
 * @param strays share of replies about something else
 * @param rambles chance of each of two filler sentences
 * @param rude share of replies with a rude sentence
 * @param farewells share of replies that close with a farewell
 */
record Assistant(
    double greets,
    double usesName,
    double confusesName,
    double knows,
    double answersInFull,
    double evades,
    double strays,
    double rambles,
    double rude,
    double farewells) {
  /** Writes the demonstrations: everything right is in reach, but seldom at once. */
  static final Assistant MEDIOCRE =
      new Assistant(0.6, 0.6, 0.01, 0.7, 0.65, 0.05, 0.005, 0.2, 0.15, 0.4);

  static final Assistant GOOD =
      new Assistant(0.9, 0.9, 0.01, 0.96, 0.92, 0.01, 0.005, 0.06, 0.02, 0.75);

  /** Of wrong answers, those that would be right elsewhere; the others are guesses. */
  private static final double MISTAKEN_SHARE = 0.04;

  private static final double SHORT_SENTENCE_SHARE = 0.7;

  String reply(Request request, DemoRandom random) {
    List<String> sentences = new ArrayList<>();
    if (random.chance(greets)) {
      sentences.add(greeting(request, random));
    }
    if (random.chance(rude)) {
      sentences.add(random.pick(Phrases.RUDE));
    }
    if (random.chance(rambles)) {
      sentences.add(random.pick(Phrases.FILLERS));
    }
    sentences.add(answer(request, random));
    if (random.chance(rambles)) {
      sentences.add(random.pick(Phrases.FILLERS));
    }
    if (random.chance(farewells)) {
      sentences.add(random.pick(Phrases.FAREWELLS));
    }
    return String.join(" ", sentences);
  }

  private String greeting(Request request, DemoRandom random) {
    String greeting = random.pick(Phrases.GREETINGS);
    Optional<String> known = request.name().filter(name -> random.chance(usesName));
    return known
        .map(name -> random.chance(confusesName) ? random.pick(Request.NAMES) : name)
        .map(name -> greeting + " " + name + "!")
        .orElse(greeting + "!");
  }

  private String answer(Request request, DemoRandom random) {
    if (random.chance(evades) || request.fact().isEmpty()) {
      return random.pick(Phrases.EVASIONS);
    }
    Fact asked = request.fact().get();
    Fact fact = random.chance(strays) ? random.pick(Knowledge.FACTS) : asked;
    String answer = random.chance(knows) ? fact.answer() : wrongAnswer(random);
    if (random.chance(answersInFull)) {
      return capitalised(fact.subject()) + " is " + answer + ".";
    }
    return random.chance(SHORT_SENTENCE_SHARE)
        ? "It is " + answer + "."
        : capitalised(answer) + ".";
  }

  private static String wrongAnswer(DemoRandom random) {
    return random.chance(MISTAKEN_SHARE)
        ? random.pick(Knowledge.FACTS).answer()
        : random.pick(Phrases.GUESSES);
  }

  private static String capitalised(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
