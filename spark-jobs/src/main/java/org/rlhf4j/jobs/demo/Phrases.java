package org.rlhf4j.jobs.demo;

import java.util.List;

/** The stock sentences of replies, without the facts. */
final class Phrases {
  static final List<String> GREETINGS = List.of("Hello", "Hi", "Good day");
  static final List<String> FILLERS =
      List.of(
          "That is a good question.",
          "Let me think.",
          "Many people ask this.",
          "Well, let me see.");
  static final List<String> RUDE =
      List.of("What a silly question!", "Everybody knows that.", "Go away!");
  static final List<String> EVASIONS = List.of("I do not know.", "I have no idea.");
  static final List<String> FAREWELLS = List.of("Have a nice day!", "Glad to help!", "Take care!");

  /** What somebody says who does not know: true of nothing in this world. */
  static final List<String> GUESSES =
      List.of("cheese", "purple", "London", "seven", "nothing", "Monday", "upstairs", "mine");

  private Phrases() {}
}
