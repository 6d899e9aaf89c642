package org.rlhf4j.jobs.demo;

import java.util.List;

/** The stock sentences of replies, without the facts. */
final class Phrases {
  static final List<String> GREETINGS = List.of("Hello", "Hi", "Good day");
  static final List<String> FILLERS =
      List.of(
          "That is a good question.",
          "Let me think about it for a while.",
          "Many people ask me this every day.",
          "I once read a long book about such things.");
  static final List<String> RUDE =
      List.of("What a silly question!", "Everybody knows that.", "Do not bother me.");
  static final List<String> EVASIONS = List.of("I do not know.", "I have no idea.");
  static final List<String> FAREWELLS =
      List.of("Have a nice day!", "I am glad to help!", "Ask me any time!");

  private Phrases() {}
}
