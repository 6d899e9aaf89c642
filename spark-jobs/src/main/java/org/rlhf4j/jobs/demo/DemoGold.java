package org.rlhf4j.jobs.demo;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.jobs.evaluate.GoldScorer;

/**
 * The true reward of the demonstration: correctness + relevance + politeness + brevity, each read
 * from the text alone, in [-4, 4.5].
 *
 * <p>Every merit counts once, whatever does not belong to the grammar costs, and so does every word
 * beyond what a complete, polite reply needs: saying more, or again, never pays.
 */
public final class DemoGold implements GoldScorer {
  private static final long serialVersionUID = 1L;

  /** Lowest reward: whatever is worse counts as this. */
  public static final double LOWEST = -4.0;

  private static final double RIGHT_ANSWER = 2.0;
  private static final double WRONG_ANSWER = -1.5;
  private static final double HONEST_EVASION = -0.5;
  private static final double NO_ANSWER = -1.0;
  private static final double SUBJECT_NAMED = 1.0;
  private static final double OFF_TOPIC = -1.0;
  private static final double GREETING = 0.5;
  private static final double GREETING_BY_NAME = 0.5;
  private static final double WRONG_NAME = -0.5;
  private static final double FAREWELL = 0.5;
  private static final double RUDENESS = -1.0;
  private static final double UNKNOWN_SENTENCE = -1.0;
  private static final double REPETITION = -0.5;
  private static final int FREE_WORDS = 12;
  private static final double WORD_TOO_MANY = -0.1;

  @Override
  public double score(List<Message> prompt, String response) {
    if (response.isBlank()) {
      return LOWEST;
    }
    Request request = Request.parse(lastUserTurn(prompt));
    ReplyReading reading = ReplyReading.of(request, response);
    double reward =
        correctness(request, reading) + relevance(reading) + politeness(reading) + brevity(reading);
    return Math.max(LOWEST, reward);
  }

  private static double correctness(Request request, ReplyReading reading) {
    if (reading.answers.isEmpty()) {
      return reading.evasions > 0 ? HONEST_EVASION : NO_ANSWER;
    }
    boolean right =
        request
            .fact()
            .map(fact -> fact.answer().toLowerCase(Locale.ROOT))
            .map(answer -> reading.answers.equals(Set.of(answer)))
            .orElse(false);
    return right && reading.evasions == 0 ? RIGHT_ANSWER : WRONG_ANSWER;
  }

  private static double relevance(ReplyReading reading) {
    return (reading.namesSubject ? SUBJECT_NAMED : 0) + OFF_TOPIC * reading.offTopic;
  }

  private static double politeness(ReplyReading reading) {
    double greeting = reading.greetings > 0 ? GREETING : 0;
    double name = reading.namesUser ? GREETING_BY_NAME : 0;
    double wrongName = reading.namesSomebodyElse ? WRONG_NAME : 0;
    double farewell = reading.farewells > 0 ? FAREWELL : 0;
    return greeting + name + wrongName + farewell + RUDENESS * reading.rude;
  }

  private static double brevity(ReplyReading reading) {
    return WORD_TOO_MANY * Math.max(0, reading.words - FREE_WORDS)
        + REPETITION * reading.repetitions()
        + UNKNOWN_SENTENCE * reading.unknown;
  }

  /** The request, also where the prompt is one text already rendered as Human/Assistant turns. */
  private static String lastUserTurn(List<Message> prompt) {
    if (prompt.isEmpty()) {
      return "";
    }
    String content = prompt.get(prompt.size() - 1).content();
    int human = content.lastIndexOf("Human:");
    String turn = human < 0 ? content : content.substring(human + "Human:".length());
    int assistant = turn.lastIndexOf("Assistant:");
    return assistant < 0 ? turn : turn.substring(0, assistant);
  }
}
