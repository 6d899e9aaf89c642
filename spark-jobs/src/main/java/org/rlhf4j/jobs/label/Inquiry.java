package org.rlhf4j.jobs.label;

import java.util.List;
import java.util.function.IntFunction;
import org.rlhf4j.jobs.rollout.ScoreRequest;

/**
 * What a judge is asked about one response or two. Where its context does not hold a question, it
 * reads the start of the responses alone.
 *
 * @param longest characters of the longest response
 * @param questions about the first so many characters of each response, and at least one
 */
record Inquiry(int longest, IntFunction<List<Question>> questions) {
  /** About one response. */
  static Inquiry of(String template, ScoreRequest request) {
    String response = request.response();
    return new Inquiry(
        response.length(),
        most -> List.of(Question.of(template, request.prompt(), start(response, most))));
  }

  /** About two responses of at most the same length, in both orders. */
  static Inquiry of(String template, Comparison comparison) {
    return new Inquiry(
        Math.max(comparison.first().length(), comparison.second().length()),
        most -> {
          Comparison read =
              comparison.withResponses(
                  start(comparison.first(), most), start(comparison.second(), most));
          return List.of(Question.of(template, read), Question.swapped(template, read));
        });
  }

  /** Whether a response is read without its end where so many characters of it are read. */
  static boolean cuts(String response, int most) {
    return start(response, most).length() < response.length();
  }

  /** With one character more where only half of a surrogate pair would be left. */
  private static String start(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    boolean splits =
        most > 0 && Character.isSurrogatePair(text.charAt(most - 1), text.charAt(most));
    return text.substring(0, splits ? most + 1 : most);
  }
}
